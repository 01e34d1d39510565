import type { FigureLimit } from "../document/report-figure.ts";
import type { ThresholdPoint } from "../evidence/risk-coverage-report.ts";
import { nameThresholds } from "./name-thresholds.ts";
import {
  axes,
  circle,
  diamond,
  levelBar,
  lineKey,
  linearScale,
  percentTick,
  polyline,
  roundTicks,
  svgElement,
  uprightBar,
  type Field,
  type PlotText,
} from "./plot.ts";

const FIELD: Field = { left: 52, right: 416, top: 32, bottom: 288 };

/** Each threshold by what it costs and what goes wrong; further down and to the left is better. */
export function costRiskPlot(
  points: readonly ThresholdPoint[],
  limit: FigureLimit | null,
  text: PlotText,
): string {
  const marks = points.flatMap(markOf);
  const mostCost = Math.max(1, ...marks.map(({ costs }) => costs.high));
  const mostWrong = Math.min(1, Math.max(0.01, ...marks.map(({ wrong }) => wrong.high)));
  const xTicks = roundTicks(mostCost);
  const yTicks = roundTicks(Math.max(mostWrong, limit === null ? 0 : Math.min(1, limit.atMost)));
  const top = yTicks.at(-1) ?? 1;
  const x = linearScale([0, xTicks.at(-1) ?? 1], [FIELD.left, FIELD.right]);
  const y = linearScale([0, top], [FIELD.bottom, FIELD.top]);
  const allowed = marks.flatMap((mark) => allowedAt(mark, limit)).filter(([, at]) => at <= top);
  return svgElement(text, 332, [
    axes(
      FIELD,
      {
        name: "cost, of what the deep model alone costs",
        ticks: xTicks.map((at) => ({ at, text: percentTick(at) })),
        scale: x,
      },
      {
        name: "wrong of shipped",
        ticks: yTicks.map((at) => ({ at, text: percentTick(at) })),
        scale: y,
      },
    ),
    ...allowedLine(
      allowed.map(([cost, at]) => [x(cost), y(at)] as const),
      limit,
    ),
    ...marks.map(({ cost, costs, risk, wrong, isInForce }) => {
      const at = [x(cost), y(risk)] as const;
      return [
        levelBar(at[1], x(costs.low), x(costs.high), "reach mark"),
        uprightBar(at[0], y(Math.min(top, wrong.low)), y(Math.min(top, wrong.high)), "reach mark"),
        isInForce ? diamond(at, 8, "force") : circle(at, 4.5, "dot mark"),
      ].join("");
    }),
    ...nameThresholds(
      marks.map(({ threshold, isInForce, cost, wrong }) => ({
        ...{ threshold, isInForce },
        x: x(cost),
        above: y(Math.min(top, wrong.high)),
        below: y(Math.min(top, wrong.low)),
      })),
      FIELD,
    ),
  ]);
}

interface Mark {
  readonly threshold: number;
  readonly isInForce: boolean;
  readonly shipShare: number;
  /** Of the all-deep cost. */
  readonly cost: number;
  readonly costs: { readonly low: number; readonly high: number };
  readonly risk: number;
  readonly wrong: { readonly low: number; readonly high: number };
}

function markOf(point: ThresholdPoint): readonly Mark[] {
  const { threshold, isInForce, shipShare, savedShare, savedInterval, wrong } = point;
  const { share, interval } = wrong;
  if (shipShare === null || savedShare === null || share === null || interval === null) return [];
  const cost = 1 - savedShare;
  const costs = {
    low: 1 - (savedInterval?.high ?? savedShare),
    high: 1 - (savedInterval?.low ?? savedShare),
  };
  return [{ threshold, isInForce, shipShare, cost, costs, risk: share, wrong: interval }];
}

/** Of all requests the same share may ship wrong, so that of fewer shipped ones more may be wrong. */
function allowedAt(
  { cost, shipShare }: Mark,
  limit: FigureLimit | null,
): readonly (readonly [number, number])[] {
  if (limit === null || shipShare === 0) return [];
  const ofShipped = limit.target === "joint" ? limit.atMost / shipShare : limit.atMost;
  return [[cost, Math.min(1, ofShipped)]];
}

/** Of one kind of target it is the same at every cost; of the other it goes from mark to mark. */
function allowedLine(
  at: readonly (readonly [x: number, y: number])[],
  limit: FigureLimit | null,
): readonly string[] {
  const [first] = at;
  if (first === undefined) return [];
  const [x, y] = first;
  const isLevel = limit?.target === "selective";
  const across = isLevel ? [FIELD.left, FIELD.right] : [x - SHORT_LINE, x + SHORT_LINE];
  const path = isLevel || at.length === 1 ? across.map((end) => [end, y] as const) : at;
  return [polyline(path, "limit"), lineKey(FIELD, "limit", "allowed")];
}

/** Half of a line that has one mark to go by. */
const SHORT_LINE = 14;
