import type { GradedDifferences } from "../evidence/difference-report.ts";
import { formatCount } from "../format-number.ts";
import { label, linearScale, rectangle, svgElement, type PlotText } from "./plot.ts";

const LEFT = 88;
const RIGHT = 420;
const TOP = 12;
const ROW_HEIGHT = 36;

const PARTS = [
  { key: "onlyCheapRight", name: "only cheap right", className: "bar ships" },
  { key: "onlyDeepRight", name: "only deep right", className: "bar loses" },
  { key: "bothRight", name: "both right", className: "bar escalates" },
  { key: "bothWrong", name: "both wrong", className: "bar none" },
] as const;

/** Who was right where the two answers differ, by who graded them. */
export function differencesPlot(graded: readonly GradedDifferences[], text: PlotText): string {
  const rowsBottom = TOP + graded.length * ROW_HEIGHT;
  return svgElement(text, rowsBottom + 56, [
    ...graded.map((row, index) => {
      const y = TOP + index * ROW_HEIGHT;
      return (
        label([LEFT - 10, y + 19], row.by === "judge" ? "judge says" : row.by, "tick", "end") +
        segments(row, y)
      );
    }),
    ...PARTS.map(({ name, className }, index) => {
      const x = LEFT + (index % 2) * 168;
      const y = rowsBottom + 10 + Math.floor(index / 2) * 22;
      return (
        rectangle([x, y], [12, 12], className) + label([x + 18, y + 11], name, "hint", "start")
      );
    }),
  ]);
}

function segments(row: GradedDifferences, y: number): string {
  const all = PARTS.reduce((sum, { key }) => sum + row[key], 0);
  const x = linearScale([0, Math.max(1, all)], [LEFT, RIGHT]);
  let before = 0;
  return PARTS.map(({ key, className }) => {
    const count = row[key];
    const [start, end] = [x(before), x(before + count)];
    before += count;
    if (count === 0) return "";
    const words = formatCount(count);
    const isWide = end - start > 9 * words.length + 6;
    return (
      rectangle([start, y], [end - start - 1, ROW_HEIGHT - 8], className) +
      (isWide
        ? label([(start + end) / 2, y + 19], words, `on ${className.slice(4)}`, "middle")
        : "")
    );
  }).join("");
}
