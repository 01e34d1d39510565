import fc from "fast-check";
import { expect, test } from "vitest";
import { anyAtoms, EXAMPLE_ATOMS } from "./calibration.fixture.ts";
import { brierScore } from "./brier-score.ts";

test("the example and its three parts", () => {
  const brier = brierScore(EXAMPLE_ATOMS);
  expect(brier?.score).toBeCloseTo(0.131875, 12);
  expect(brier?.reliability).toBeCloseTo(0.0036, 12);
  expect(brier?.resolution).toBeCloseTo(0.0225, 12);
  expect(brier?.uncertainty).toBeCloseTo(0.150775, 12);
});

test("the parts add up to the score, whatever the table", () => {
  fc.assert(
    fc.property(anyAtoms, (atoms) => {
      const brier = brierScore(atoms);
      if (brier === null) return;
      const { score, reliability, resolution, uncertainty } = brier;
      expect(reliability - resolution + uncertainty).toBeCloseTo(score, 12);
    }),
  );
});

test("no rows, no score", () => {
  expect(brierScore([])).toBeNull();
});
