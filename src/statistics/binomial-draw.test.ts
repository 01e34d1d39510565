import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import { binomialProbability } from "./binomial-distribution.ts";
import { drawBinomial } from "./binomial-draw.ts";

describe("drawBinomial", () => {
  test.each([
    [1, 0.3],
    [7, 0.5],
    [20, 0.02],
    [20, 0.98],
    [3, 0.999],
  ])("of %d at %d gives each number as often as it is likely", (trials, share) => {
    const random = createRandom(`${trials} ${share}`);
    const runs = 20_000;
    const counts = new Map<number, number>();
    for (let i = 0; i < runs; i += 1) {
      const hits = drawBinomial(trials, share, random);
      counts.set(hits, (counts.get(hits) ?? 0) + 1);
    }
    for (let hits = 0; hits <= trials; hits += 1) {
      const p = binomialProbability(hits, trials, share);
      const spread = 4.5 * Math.sqrt((p * (1 - p)) / runs) + 1e-4;
      expect(Math.abs((counts.get(hits) ?? 0) / runs - p)).toBeLessThanOrEqual(spread);
    }
  });

  test("a million trials have the mean and the variance they should", () => {
    const random = createRandom("million");
    const [trials, share, runs] = [1_000_000, 0.2, 2_000];
    const draws = Array.from({ length: runs }, () => drawBinomial(trials, share, random));
    const mean = draws.reduce((sum, hits) => sum + hits, 0) / runs;
    const variance = draws.reduce((sum, hits) => sum + (hits - mean) ** 2, 0) / runs;
    // A standard deviation of 400; the mean of 2,000 varies by 9, the variance by 3 %.
    expect(Math.abs(mean - 200_000)).toBeLessThan(36);
    expect(variance / 160_000).toBeGreaterThan(0.88);
    expect(variance / 160_000).toBeLessThan(1.12);
  });

  test("draws without chance where there is none, and never leaves its range", () => {
    const none = (): number => NaN;
    expect(drawBinomial(9, 0, none)).toBe(0);
    expect(drawBinomial(9, 1, none)).toBe(9);
    expect(drawBinomial(0, 0.5, none)).toBe(0);
    for (const u of [0, 1e-12, 0.5, 1 - 2 ** -32]) {
      for (const share of [1e-9, 0.5, 1 - 1e-9]) {
        const hits = drawBinomial(50, share, () => u);
        expect(hits).toBeGreaterThanOrEqual(0);
        expect(hits).toBeLessThanOrEqual(50);
      }
    }
  });
});
