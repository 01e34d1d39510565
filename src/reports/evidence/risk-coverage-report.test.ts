import { expect, test } from "vitest";
import { exampleTriages, gradedCounts } from "./evidence-count.fixture.ts";
import { describeRiskCoverage, type ThresholdPoint } from "./risk-coverage-report.ts";
import { truthSample } from "./truth-sample.ts";

/** Graded are 0.95 and 0.7 alone; fifty triages each stated what they are given. */
function pointsAt(threshold: number, stated: readonly number[]): readonly ThresholdPoint[] {
  const counts = [...gradedCounts(0.95, 57, 3), ...gradedCounts(0.7, 30, 10)];
  const report = describeRiskCoverage(
    {
      counts,
      triages: stated.map((confidence) => exampleTriages(50, { confidence })),
      target: "selective",
      promised: { atMost: 0.05, failureProbability: 0.05 },
      readFrom: null,
    },
    { cells: truthSample(counts).cells, isPartOfRange: false },
    { threshold, costs: null },
  );
  return report?.points ?? [];
}

function inForceAt(threshold: number, stated: readonly number[]): readonly number[] {
  const points = pointsAt(threshold, stated);
  return points.filter(({ isInForce }) => isInForce).map((point) => point.threshold);
}

function shippedAt(threshold: number, stated: readonly number[]): readonly (number | undefined)[] {
  return pointsAt(threshold, stated).map(({ ships }) => ships?.count);
}

test("the point in force is the one that ships what the threshold ships", () => {
  expect(inForceAt(0.8, [0.95, 0.7])).toEqual([0.95]);
  expect(inForceAt(0.7, [0.95, 0.7])).toEqual([0.7]);
});

test("a threshold that ships values of which none was graded has a point of its own", () => {
  expect(inForceAt(0.8, [0.95, 0.85, 0.7])).toEqual([0.8]);
  expect(shippedAt(0.8, [0.95, 0.85, 0.7])).toEqual([50, 100, 150]);
});
