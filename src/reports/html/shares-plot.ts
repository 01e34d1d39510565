import type { ShareRow } from "../document/report-figure.ts";
import { counted } from "../format-number.ts";
import {
  circle,
  label,
  levelBar,
  line,
  linearScale,
  percentTick,
  roundTicks,
  svgElement,
  type PlotText,
} from "./plot.ts";
import { shorten } from "./shorten.ts";

const LEFT = 132;
const RIGHT = 414;
const TOP = 34;
const ROW_HEIGHT = 26;

/** Rates of one kind with their intervals, a row each, held against one limit. */
export function sharesPlot(
  { rows, limit, rate }: { rows: readonly ShareRow[]; limit: number; rate: string },
  text: PlotText,
): string {
  const most = Math.min(
    1,
    Math.max(1.2 * limit, ...rows.map(({ interval }) => interval?.high ?? 0)),
  );
  const ticks = roundTicks(most);
  const x = linearScale([0, ticks.at(-1) ?? 1], [LEFT, RIGHT]);
  const bottom = TOP + rows.length * ROW_HEIGHT + 4;
  return svgElement(text, bottom + 50, [
    ...ticks.flatMap((at) => [
      line([x(at), TOP], [x(at), bottom], "grid"),
      label([x(at), bottom + 18], percentTick(at), "tick", "middle"),
    ]),
    label([(LEFT + RIGHT) / 2, bottom + 38], rate, "name", "middle"),
    line([x(limit), TOP - 6], [x(limit), bottom], "limit"),
    label([x(limit), TOP - 12], `allowed ${percentTick(limit)}`, "limit-name", "middle"),
    ...rows.map(({ name, share, interval, moreGrades }, index) => {
      const y = TOP + (index + 0.5) * ROW_HEIGHT + 2;
      const named = label([LEFT - 10, y + 4], shorten(name, 18), "tick", "end");
      if (share === null || interval === null) {
        return named + label([LEFT + 8, y + 4], unknown(moreGrades), "hint", "start");
      }
      return [
        named,
        levelBar(y, x(interval.low), x(interval.high), "reach mark"),
        circle([x(share), y], 5, "dot mark"),
      ].join("");
    }),
  ]);
}

function unknown(moreGrades: number | null): string {
  if (moreGrades === null) return "not known yet";
  return `not known yet, about ${counted(moreGrades, "more grade")}`;
}
