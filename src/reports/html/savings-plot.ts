import type { MoneyStep } from "../document/report-figure.ts";
import { formatUsd } from "../format-usd.ts";
import { label, line, linearScale, rectangle, svgElement, type PlotText } from "./plot.ts";
import { shorten } from "./shorten.ts";

const LEFT = 136;
/** Room for an amount to the right of the longest bar. */
const RIGHT = 332;
const TOP = 12;
const ROW_HEIGHT = 32;

/** From what shipping saved down to what is left of it, step by step. */
export function savingsPlot(steps: readonly MoneyStep[], text: PlotText): string {
  const bars = barsOf(steps);
  const ends = bars.flatMap(({ from, to }) => [from, to]);
  const low = Math.min(0, ...ends);
  const high = Math.max(0, ...ends);
  const x = linearScale([low, high === low ? low + 1 : high], [LEFT, RIGHT]);
  const bottom = TOP + steps.length * ROW_HEIGHT;
  return svgElement(text, bottom + 8, [
    line([x(0), TOP - 4], [x(0), bottom], "axis"),
    ...bars.map(({ name, nanoUsd, isSum, from, to }, index) => {
      const y = TOP + index * ROW_HEIGHT + 5;
      const [start, end] = [x(Math.min(from, to)), x(Math.max(from, to))];
      const kind = isSum ? "bar sum" : nanoUsd < 0n ? "bar loses" : "bar gains";
      return [
        label([LEFT - 10, y + 15], shorten(name, 21), "tick", "end"),
        // An amount of nothing still has its place.
        rectangle([start, y], [Math.max(1.5, end - start), ROW_HEIGHT - 10], kind),
        label([end + 6, y + 15], formatUsd(nanoUsd), "value", "start"),
        index + 1 < bars.length
          ? line([x(to), y + ROW_HEIGHT - 10], [x(to), y + ROW_HEIGHT], "grid")
          : "",
      ].join("");
    }),
  ]);
}

function barsOf(
  steps: readonly MoneyStep[],
): readonly (MoneyStep & { readonly from: number; readonly to: number })[] {
  let level = 0n;
  return steps.map((step) => {
    const from = step.isSum ? 0n : level;
    level = from + step.nanoUsd;
    return { ...step, from: Number(from), to: Number(level) };
  });
}
