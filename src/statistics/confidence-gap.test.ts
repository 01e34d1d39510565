import { expect, test } from "vitest";
import { EXAMPLE_ATOMS } from "./calibration.fixture.ts";
import { confidenceGap } from "./confidence-gap.ts";

test("the example says two points more than came true, and zero is not ruled out", () => {
  const gap = confidenceGap(EXAMPLE_ATOMS);
  expect(gap?.gap).toBeCloseTo(0.0225, 12);
  expect(gap?.standardError).toBeCloseTo(0.025628963108171192, 12);
  expect(gap?.interval.low).toBeCloseTo(-0.02773184465312118, 10);
  expect(gap?.interval.high).toBeCloseTo(0.07273184465312132, 10);
});

test("is below 0 where a model says less than it knows", () => {
  expect(confidenceGap([{ confidence: 0.5, rows: 10, wrong: 1 }])?.gap).toBeCloseTo(-0.4, 12);
});

test("one row tells nothing", () => {
  expect(confidenceGap([{ confidence: 0.5, rows: 1, wrong: 0 }])).toBeNull();
  expect(confidenceGap([])).toBeNull();
});
