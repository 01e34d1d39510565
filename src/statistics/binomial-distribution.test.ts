import { describe, expect, test } from "vitest";
import {
  binomialCdf,
  binomialProbability,
  binomialUpperTail,
  logBinomialCdf,
  logBinomialProbability,
} from "./binomial-distribution.ts";

describe("binomialCdf", () => {
  // Checked against 40-digit arithmetic.
  test.each([
    [0, 59, 0.05, 0.0484945252494232],
    [8, 300, 0.05, 0.0340658135215066],
    [14, 470, 0.05, 0.0222629975383908],
    [25, 560, 0.05, 0.322003029355661],
    [38, 1000, 0.05, 0.0433481906069098],
    [224, 5000, 0.05, 0.0472036817160286],
  ])("of %d hits in %d at %d", (hits, trials, share, expected) => {
    expect(Math.abs(binomialCdf(hits, trials, share) / expected - 1)).toBeLessThan(1e-12);
  });

  test("and its tail and probabilities agree with plain sums for small numbers", () => {
    for (const trials of [1, 2, 7, 23, 60]) {
      for (const share of [1e-5, 0.01, 0.05, 0.5, 0.93]) {
        const probabilities = probabilitiesBySum(trials, share);
        let sum = 0;
        for (const [hits, probability] of probabilities.entries()) {
          expect(binomialProbability(hits, trials, share) / probability).toBeCloseTo(1, 11);
          sum += probability;
          expect(binomialCdf(hits, trials, share)).toBeCloseTo(sum, 12);
          const tail = probabilities.slice(hits).reduce((a, b) => a + b, 0);
          expect(binomialUpperTail(hits, trials, share) / tail).toBeCloseTo(1, 11);
        }
      }
    }
  });

  test("takes the ends of its range", () => {
    expect(binomialCdf(0, 0, 0.3)).toBe(1);
    expect(binomialCdf(3, 5, 0)).toBe(1);
    expect(binomialCdf(3, 5, 1)).toBe(0);
    expect(binomialUpperTail(1, 5, 0)).toBe(0);
    expect(logBinomialProbability(0, 5, 0)).toBe(0);
    expect(logBinomialProbability(4, 5, 1)).toBe(-Infinity);
  });

  test("keeps its precision with a million trials", () => {
    // Normal tail with Edgeworth terms would be off; neighbours differ by the probability between.
    const step = binomialCdf(50_001, 1e6, 0.05) - binomialCdf(50_000, 1e6, 0.05);
    expect(step / binomialProbability(50_001, 1e6, 0.05)).toBeCloseTo(1, 8);
    expect(logBinomialCdf(0, 1e6, 0.5)).toBeCloseTo(1e6 * Math.log(0.5), 5);
  });

  test.each([
    [3, 2, 0.1],
    [-1, 2, 0.1],
    [1.5, 2, 0.1],
    [1, 2, 1.1],
    [1, 2, NaN],
    [NaN, 2, 0.5],
  ])("refuses %d hits in %d at %d", (hits, trials, share) => {
    expect(() => binomialCdf(hits, trials, share)).toThrow(
      expect.objectContaining({ code: "statistics_argument" }),
    );
  });
});

function probabilitiesBySum(trials: number, share: number): number[] {
  let choose = 1;
  return Array.from({ length: trials + 1 }, (_, hits) => {
    const probability = choose * share ** hits * (1 - share) ** (trials - hits);
    choose = (choose * (trials - hits)) / (hits + 1);
    return probability;
  });
}
