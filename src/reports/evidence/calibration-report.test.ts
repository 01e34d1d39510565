import fc from "fast-check";
import { expect, test } from "vitest";
import type { EvidenceCount } from "../../ledger/records/evidence.ts";
import { describeCalibration } from "./calibration-report.ts";
import { gradedCounts } from "./evidence-count.fixture.ts";
import { truthSample } from "./truth-sample.ts";
import { wholeRangeCells } from "./whole-range-cells.ts";

// Rows and right answers of five stated values, 200 in all.
const COUNTS = [
  ...gradedCounts(0.6, 9, 11),
  ...gradedCounts(0.8, 45, 15),
  ...gradedCounts(0.85, 33, 7),
  ...gradedCounts(0.9, 46, 4),
  ...gradedCounts(0.95, 30, 0),
];

const reportOf = (counts: readonly EvidenceCount[]) => {
  const { cells } = truthSample(counts);
  return describeCalibration(cells, wholeRangeCells(cells));
};

test("has the values of the worked example", () => {
  const { gap, ranking, brier, error, bars, hardlySorts } = reportOf(COUNTS);
  expect(gap?.gap).toBeCloseTo(0.0225, 10);
  expect(gap?.interval.low).toBeCloseTo(-0.0277318447, 9);
  expect(gap?.interval.high).toBeCloseTo(0.0727318447, 9);
  expect(ranking?.area).toBeCloseTo(0.7586635715, 9);
  expect(ranking?.interval?.low).toBeCloseTo(0.6740784957, 9);
  expect(brier).toMatchObject({ uncertainty: expect.closeTo(0.150775, 9) });
  expect(brier?.score).toBeCloseTo(0.131875, 9);
  expect(error?.error).toBeCloseTo(0.0475, 9);
  expect(error?.noiseFloor).toBeCloseTo(0.0430145417, 9);
  expect(bars.map(({ graded, wrong }) => [graded, wrong])).toEqual([
    [20, 11],
    [60, 15],
    [40, 7],
    [50, 4],
    [30, 0],
  ]);
  expect(hardlySorts).toBe(false);
});

test("says that a confidence hardly sorts when its interval touches 0.6", () => {
  const flat = [...gradedCounts(0.8, 90, 10), ...gradedCounts(0.9, 91, 9)];
  expect(reportOf(flat).hardlySorts).toBe(true);
});

test("weighs values as the traffic has them", () => {
  const counts = [
    ...gradedCounts(0.6, 50, 50, { propensity: 1 }),
    ...gradedCounts(0.95, 95, 5, { propensity: 0.1 }),
  ];
  const { gap, isWeighted } = reportOf(counts);
  // 100 items at 0.6 right in half, 1,000 at 0.95 right in 95 %.
  expect(gap?.gap).toBeCloseTo((100 * (0.6 - 0.5) + 1_000 * 0) / 1_100, 10);
  expect(isWeighted).toBe(true);
});

test("one grade is a small bar and nothing else", () => {
  expect(reportOf(gradedCounts(0.9, 1, 0))).toMatchObject({
    graded: 1,
    bars: [{ confidence: 0.9, isSmall: true }],
    gap: null,
    ranking: null,
    hardlySorts: null,
    error: null,
  });
  expect(reportOf([]).bars).toEqual([]);
});

test("does not depend on the order of its rows", () => {
  const weighted = COUNTS.map((count, index) => ({
    ...count,
    key: { ...count.key, propensity: 1 / (1 + (index % 4)) },
  }));
  const expected = reportOf(weighted);
  const order = fc.shuffledSubarray(weighted, {
    minLength: weighted.length,
    maxLength: weighted.length,
  });
  fc.assert(
    fc.property(order, (counts) => {
      expect(reportOf(counts)).toEqual(expected);
    }),
    { numRuns: 15 },
  );
});
