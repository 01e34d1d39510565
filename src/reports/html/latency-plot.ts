import { formatDuration } from "../format-number.ts";
import type { PathLatency, Quantiles } from "../latency-report.ts";
import {
  circle,
  diamond,
  label,
  levelBar,
  line,
  linearScale,
  roundTicks,
  svgElement,
  type PlotText,
} from "./plot.ts";

const LEFT = 96;
const RIGHT = 400;
const TOP = 30;
const ROW_HEIGHT = 40;

/** Half of the answers and nearly all of them, by decision, with intervals. */
export function latencyPlot(paths: readonly PathLatency[], text: PlotText): string {
  const most = Math.max(
    1,
    ...paths.flatMap(({ total }) => [
      total.p50Ms ?? 0,
      total.p95Ms ?? 0,
      total.p50Interval?.high ?? 0,
      total.p95Ms === null ? 0 : (total.p95Interval?.high ?? 0),
    ]),
  );
  const ticks = roundTicks(most);
  const x = linearScale([0, ticks.at(-1) ?? 1], [LEFT, RIGHT]);
  const bottom = TOP + paths.length * ROW_HEIGHT;
  return svgElement(text, bottom + 50, [
    circle([LEFT + 6, 12], 4.5, "dot mark"),
    label([LEFT + 16, 16], "half of them (p50)", "hint", "start"),
    diamond([LEFT + 152, 12], 5.5, "dot second"),
    label([LEFT + 163, 16], "nearly all (p95)", "hint", "start"),
    ...ticks.flatMap((at) => [
      line([x(at), TOP], [x(at), bottom], "grid"),
      label([x(at), bottom + 18], at === 0 ? "0" : formatDuration(at), "tick", "middle"),
    ]),
    label([(LEFT + RIGHT) / 2, bottom + 38], "time to the end of the answer", "name", "middle"),
    ...paths.map(({ decision, total }, index) => {
      const y = TOP + (index + 0.5) * ROW_HEIGHT;
      return label([LEFT - 10, y + 4], decision, "tick", "end") + marks(total, y, x);
    }),
  ]);
}

function marks(total: Quantiles, y: number, x: (value: number) => number): string {
  const { p50Ms, p95Ms, p50Interval, p95Interval } = total;
  if (p50Ms === null) return label([LEFT + 8, y + 4], "not known yet", "hint", "start");
  return [
    p50Interval === null
      ? ""
      : levelBar(y - 7, x(p50Interval.low), x(p50Interval.high), "reach mark"),
    circle([x(p50Ms), y - 7], 5, "dot mark"),
    ...(p95Ms === null
      ? []
      : [
          p95Interval === null
            ? ""
            : levelBar(y + 8, x(p95Interval.low), x(p95Interval.high), "reach second"),
          diamond([x(p95Ms), y + 8], 6, "dot second"),
        ]),
  ].join("");
}
