import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logSafeRateEvidence } from "./safe-rate-evidence.ts";
import { logViolatedRateEvidence } from "./violated-rate-evidence.ts";

const counts = fc
  .integer({ min: 0, max: 5_000 })
  .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));
const rate = fc.double({ min: 0.001, max: 0.6, noNaN: true });

describe("logSafeRateEvidence", () => {
  // Checked against 40-digit arithmetic.
  test.each([
    [0, 0, 0.05, 0],
    [0, 59, 0.05, 1.8805273054303],
    [0, 90, 0.05, 3.0918309140389],
    [0, 91, 0.05, 3.1326691769973],
    [2, 200, 0.05, 3.939246997903],
    [5, 300, 0.05, 3.69863322737],
    [12, 500, 0.05, 3.30144199372],
    [31, 1000, 0.05, 3.07733888191],
    [50, 500, 0.05, -3.33744609544],
    [39, 600, 0.05, -2.5278816156189876],
    [25, 560, 0.05, -1.033470953970884],
    [14, 470, 0.05, 1.3973400953579826],
    [7, 330, 0.05, 2.720867730513767],
    [1, 120, 0.05, 2.4971158357459697],
    [3, 400, 0.02, 1.45825342943],
  ])("of %d in %d against %d", (hits, trials, atMost, expected) => {
    expect(Math.abs(logSafeRateEvidence(hits, trials, atMost) - expected)).toBeLessThan(2e-11);
  });

  test("is a fair bet: at the edge it is expected to be worth 1 for any number of trials", () => {
    for (const trials of [1, 7, 40]) {
      expect(
        expectation(trials, 0.05, (hits) => logSafeRateEvidence(hits, trials, 0.05)),
      ).toBeCloseTo(1, 10);
      expect(
        expectation(trials, 0.05, (hits) => logViolatedRateEvidence(hits, trials, 0.05)),
      ).toBeCloseTo(1, 10);
    }
  });

  test("rises with every miss, falls with every hit, and rises with what is allowed", () => {
    fc.assert(
      fc.property(counts, rate, ([hits, trials], atMost) => {
        const now = logSafeRateEvidence(hits, trials, atMost);
        expect(logSafeRateEvidence(hits, trials + 1, atMost)).toBeGreaterThan(now);
        expect(logSafeRateEvidence(hits + 1, trials + 1, atMost)).toBeLessThan(now);
      }),
    );
  });

  test("says what it does at the ends", () => {
    expect(logSafeRateEvidence(0, 100, 0)).toBeCloseTo(0, 12);
    expect(logSafeRateEvidence(3, 100, 0)).toBeLessThan(0);
    expect(logSafeRateEvidence(3, 100, 1)).toBe(Infinity);
    expect(logSafeRateEvidence(4, 4, 1)).toBeCloseTo(-Math.log(5), 12);
    expect(logSafeRateEvidence(31_000, 1e6, 0.05)).toBeGreaterThan(4_000);
    expect(logSafeRateEvidence(0, 100, 1e-300)).toBeCloseTo(0, 12);
  });

  test("refuses nonsense", () => {
    for (const [hits, trials, atMost] of [
      [2, 1, 0.1],
      [0, 1, NaN],
      [0, 1, 1.5],
      [0.5, 1, 0.5],
    ] as const) {
      const refusal = expect.objectContaining({ code: "statistics_argument" });
      expect(() => logSafeRateEvidence(hits, trials, atMost)).toThrow(refusal);
      expect(() => logViolatedRateEvidence(hits, trials, atMost)).toThrow(refusal);
    }
  });
});

/** Σ P(hits) e^evidence, by plain sums. */
function expectation(trials: number, share: number, evidence: (hits: number) => number): number {
  let choose = 1;
  let sum = 0;
  for (let hits = 0; hits <= trials; hits += 1) {
    sum += choose * share ** hits * (1 - share) ** (trials - hits) * Math.exp(evidence(hits));
    choose = (choose * (trials - hits)) / (hits + 1);
  }
  return sum;
}
