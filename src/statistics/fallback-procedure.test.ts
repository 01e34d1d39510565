import { describe, expect, test } from "vitest";
import { fallbackProcedure, geometricWeights } from "./fallback-procedure.ts";

describe("fallbackProcedure", () => {
  test("hands a level on after a success and goes on after a failure", () => {
    const tested = fallbackProcedure([0.01, 0.2, 0.012, 0.015], [0.5, 0.25, 0.125, 0.125], 0.1);
    expect(tested.map(({ isCertified }) => isCertified)).toEqual([true, false, true, true]);
    const levels = [0.05, 0.075, 0.0125, 0.025];
    for (const [i, { level }] of tested.entries()) expect(level).toBeCloseTo(levels[i] ?? NaN, 12);
  });

  test("is a fixed sequence when all weight is on the first", () => {
    const tested = fallbackProcedure([0.01, 0.2, 0.001], [1, 0, 0], 0.1);
    expect(tested.map(({ isCertified }) => isCertified)).toEqual([true, false, false]);
  });

  test.each([
    [[0.1, 0.1], [1], 0.05],
    [[0.1], [1.1], 0.05],
    [[0.1], [-0.1], 0.05],
    [[0.1], [NaN], 0.05],
    [[0.1], [1], 0],
  ])("refuses p-values %o with weights %o at %d", (pValues, weights, failureProbability) => {
    expect(() => fallbackProcedure(pValues, weights, failureProbability)).toThrow(
      expect.objectContaining({ code: "statistics_argument" }),
    );
  });
});

describe("geometricWeights", () => {
  test("sum to 1 and leave the rest to the last", () => {
    expect(geometricWeights(4, 0.5)).toEqual([0.5, 0.25, 0.125, 0.125]);
    expect(geometricWeights(1)).toEqual([1]);
    expect(geometricWeights(0)).toEqual([]);
    for (const count of [2, 3, 7, 20]) {
      expect(geometricWeights(count).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    }
    expect(geometricWeights(3)[1]).toBeCloseTo(0.09, 12);
  });
});
