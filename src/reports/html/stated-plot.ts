import type { StatedAtom } from "../evidence/stated-confidence.ts";
import { formatConfidence, formatCount } from "../format-number.ts";
import {
  axes,
  confidenceTick,
  label,
  line,
  linearScale,
  rectangle,
  roundTicks,
  svgElement,
  type Field,
  type PlotText,
} from "./plot.ts";

const FIELD: Field = { left: 64, right: 424, top: 44, bottom: 252 };
const WIDEST_BAR = 22;

/** How many triages stated what, and where the threshold lies. A bar per value: nothing is binned. */
export function statedPlot(
  atoms: readonly StatedAtom[],
  threshold: number | null,
  text: PlotText,
): string {
  const most = atoms.reduce((high, { triages }) => Math.max(high, triages), 1);
  const yTicks = roundTicks(most).filter((at) => Number.isInteger(at));
  const x = linearScale([0, 1], [FIELD.left + 12, FIELD.right - 12]);
  const y = linearScale([0, Math.max(most, yTicks.at(-1) ?? 1)], [FIELD.bottom, FIELD.top]);
  const width = barWidth(atoms, x);
  return svgElement(text, 296, [
    axes(
      FIELD,
      {
        name: "stated confidence",
        ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: confidenceTick(at) })),
        scale: x,
      },
      { name: "triages", ticks: yTicks.map((at) => ({ at, text: formatCount(at) })), scale: y },
    ),
    ...atoms.map(({ confidence, triages, isAboveThreshold }) =>
      rectangle(
        [x(confidence) - width / 2, y(triages)],
        [width, FIELD.bottom - y(triages)],
        isAboveThreshold ? "bar ships" : "bar escalates",
      ),
    ),
    ...(threshold === null || threshold > 1 ? [] : thresholdLine(threshold, atoms, x, width)),
  ]);
}

/**
 * At its place, but beside the bars that are near it: since a threshold ships what equals it, left of
 * all bars that ship.
 */
function thresholdLine(
  threshold: number,
  atoms: readonly StatedAtom[],
  x: (value: number) => number,
  width: number,
): readonly string[] {
  const ships = atoms.find(({ isAboveThreshold }) => isAboveThreshold);
  const stays = atoms.findLast(({ isAboveThreshold }) => !isAboveThreshold);
  const right = ships === undefined ? Infinity : x(ships.confidence) - width / 2;
  const left = stays === undefined ? -Infinity : x(stays.confidence) + width / 2;
  const air = Math.min(3, (right - left) / 2);
  const at = Math.min(Math.max(x(threshold), left + air), right - air);
  const isRight = at > (FIELD.left + FIELD.right) / 2;
  const words = `threshold ${formatConfidence(threshold)}`;
  return [
    line([at, FIELD.top - 8], [at, FIELD.bottom], "limit"),
    label(
      [isRight ? at - 5 : at + 5, FIELD.top - 10],
      words,
      "limit-name",
      isRight ? "end" : "start",
    ),
  ];
}

function barWidth(atoms: readonly StatedAtom[], x: (value: number) => number): number {
  let narrowest = 2 * WIDEST_BAR;
  for (const [index, { confidence }] of atoms.entries()) {
    const before = atoms[index - 1];
    if (before !== undefined) {
      narrowest = Math.min(narrowest, x(confidence) - x(before.confidence));
    }
  }
  return Math.max(1, Math.min(WIDEST_BAR, 0.75 * narrowest));
}
