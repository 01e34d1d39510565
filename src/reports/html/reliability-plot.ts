import type { CalibrationBar } from "../evidence/calibration-report.ts";
import {
  axes,
  circle,
  confidenceTick,
  line,
  lineKey,
  linearScale,
  percentTick,
  svgElement,
  uprightBar,
  type Field,
  type PlotText,
} from "./plot.ts";

const FIELD: Field = { left: 52, right: 416, top: 40, bottom: 340 };
const LARGEST_RADIUS = 13;

/**
 * Reliability diagram: one mark per stated value, its area by the number of grades, with an exact
 * interval. On the dotted line confidence would be as good as its word.
 */
export function reliabilityPlot(bars: readonly CalibrationBar[], text: PlotText): string {
  const lowest = bars.reduce(
    (low, { confidence, interval }) => Math.min(low, confidence, interval.low),
    0.8,
  );
  const domain = [Math.max(0, Math.floor(lowest * 5) / 5), 1] as const;
  const x = linearScale(domain, [FIELD.left, FIELD.right]);
  const y = linearScale(domain, [FIELD.bottom, FIELD.top]);
  const ticks = ticksFrom(domain[0]);
  const mostGraded = bars.reduce((most, { graded }) => Math.max(most, graded), 1);
  const marks = bars.map(({ confidence, accuracy, interval, graded, isSmall }) => {
    const radius = Math.max(2.5, LARGEST_RADIUS * Math.sqrt(graded / mostGraded));
    const kind = isSmall ? "few" : "mark";
    return [
      uprightBar(x(confidence), y(interval.low), y(interval.high), `reach ${kind}`),
      circle([x(confidence), y(accuracy)], radius, `dot ${kind}`),
    ].join("");
  });
  return svgElement(text, 384, [
    axes(
      FIELD,
      {
        name: "stated confidence",
        ticks: ticks.map((at) => ({ at, text: confidenceTick(at) })),
        scale: x,
      },
      {
        name: "share right",
        ticks: ticks.map((at) => ({ at, text: percentTick(at) })),
        scale: y,
      },
    ),
    line([x(domain[0]), y(domain[0])], [x(1), y(1)], "even"),
    lineKey(FIELD, "even", "as good as its word"),
    ...marks,
  ]);
}

function ticksFrom(from: number): readonly number[] {
  const step = from >= 0.6 ? 0.1 : 0.2;
  const count = Math.round((1 - from) / step);
  return Array.from({ length: count + 1 }, (_, index) => Number((from + index * step).toFixed(2)));
}
