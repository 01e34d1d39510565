import type { ThresholdPoint } from "../evidence/risk-coverage-report.ts";
import { nameThresholds } from "./name-thresholds.ts";
import {
  axes,
  circle,
  diamond,
  line,
  lineKey,
  linearScale,
  percentTick,
  polygon,
  polyline,
  roundTicks,
  svgElement,
  uprightBar,
  type Field,
  type PlotText,
} from "./plot.ts";

const FIELD: Field = { left: 52, right: 416, top: 32, bottom: 288 };

/**
 * Wrong of what ships against what ships. Marks are the thresholds there are; between two of them
 * answers tie, and the shaded band holds every way to read the tie.
 */
export function riskCoveragePlot(
  points: readonly ThresholdPoint[],
  shuffledShare: number | null,
  text: PlotText,
): string {
  const paths = tiePaths(points);
  const most = Math.min(
    1,
    Math.max(
      0.01,
      shuffledShare ?? 0,
      ...points.map(({ risk, wrong }) => Math.max(risk, wrong.interval?.high ?? 0)),
      ...paths.expected.map(([, risk]) => risk),
    ),
  );
  const yTicks = roundTicks(most);
  const top = yTicks.at(-1) ?? 1;
  const x = linearScale([0, 1], [FIELD.left, FIELD.right]);
  const y = linearScale([0, top], [FIELD.bottom, FIELD.top]);
  const onField = (path: readonly Point[]) =>
    path.map(([coverage, risk]) => [x(coverage), y(Math.min(top, risk))] as const);
  return svgElement(text, 332, [
    axes(
      FIELD,
      {
        name: "shipped, of graded answers that could ship",
        ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: percentTick(at) })),
        scale: x,
      },
      {
        name: "wrong of shipped",
        ticks: yTicks.map((at) => ({ at, text: percentTick(at) })),
        scale: y,
      },
    ),
    polygon([...onField(paths.best), ...onField(paths.worst).toReversed()], "band"),
    polyline(onField(paths.expected), "curve"),
    ...(shuffledShare === null
      ? []
      : [
          line([FIELD.left, y(shuffledShare)], [FIELD.right, y(shuffledShare)], "even"),
          lineKey(FIELD, "even", "drawn by lot"),
        ]),
    ...points.map((point) => pointMark(point, x, y, top)),
    ...nameThresholds(
      points.map(({ threshold, coverage, isInForce, risk, wrong }) => ({
        ...{ threshold, isInForce },
        x: x(coverage),
        above: y(Math.min(top, wrong.interval?.high ?? wrong.share ?? risk)),
        below: y(Math.min(top, wrong.interval?.low ?? wrong.share ?? risk)),
      })),
      FIELD,
    ),
  ]);
}

type Point = readonly [coverage: number, risk: number];
type Scale = (value: number) => number;

function pointMark(point: ThresholdPoint, x: Scale, y: Scale, top: number): string {
  const { coverage, risk, wrong, isInForce } = point;
  // The table's number: where a judge was put right, it is not quite that of the curve.
  const at = [x(coverage), y(Math.min(top, wrong.share ?? risk))] as const;
  const bar =
    wrong.interval === null
      ? ""
      : uprightBar(
          at[0],
          y(Math.min(top, wrong.interval.low)),
          y(Math.min(top, wrong.interval.high)),
          "reach mark",
        );
  return (
    bar +
    (isInForce
      ? diamond(at, 8, "force")
      : circle(at, 4.5, wrong.interval === null ? "dot few" : "dot mark"))
  );
}

/** The curve when ties are broken by lot, and when right or wrong answers come first in each. */
function tiePaths(points: readonly ThresholdPoint[]): {
  readonly expected: readonly Point[];
  readonly best: readonly Point[];
  readonly worst: readonly Point[];
} {
  const expected: Point[] = [];
  const best: Point[] = [];
  const worst: Point[] = [];
  let [covered, wrongBefore] = [0, 0];
  for (const { coverage, risk } of points) {
    const width = coverage - covered;
    const wrong = coverage * risk - wrongBefore;
    for (let step = 0; step <= STEPS; step += 1) {
      const into = (width * step) / STEPS;
      const at = covered + into;
      if (at <= 0) continue;
      expected.push([at, (wrongBefore + (wrong * step) / STEPS) / at]);
      best.push([at, (wrongBefore + Math.max(0, into - (width - wrong))) / at]);
      worst.push([at, (wrongBefore + Math.min(into, wrong)) / at]);
    }
    covered = coverage;
    wrongBefore = coverage * risk;
  }
  return { expected, best, worst };
}

/** Points of a curve between two thresholds. */
const STEPS = 24;
