import { describe, expect, test } from "vitest";
import { logSafeRateEvidence } from "./safe-rate-evidence.ts";
import { logViolatedRateEvidence } from "./violated-rate-evidence.ts";

describe("logViolatedRateEvidence", () => {
  // Checked against 40-digit arithmetic.
  test.each([
    [5, 40, 0.05, -0.301031699227],
    [12, 100, 0.05, 1.30919635768],
    [2, 100, 0.05, -4.22253257752],
    [30, 300, 0.05, 3.10998056481],
  ])("of %d in %d against %d", (hits, trials, atMost, expected) => {
    expect(Math.abs(logViolatedRateEvidence(hits, trials, atMost) - expected)).toBeLessThan(1e-11);
  });

  test("mirrors the evidence of safety when hits and misses change places", () => {
    expect(logViolatedRateEvidence(70, 100, 0.6)).toBeCloseTo(
      logSafeRateEvidence(30, 100, 0.4),
      10,
    );
  });

  test("says what it does at the ends", () => {
    expect(logViolatedRateEvidence(1, 100, 0)).toBe(Infinity);
    expect(logViolatedRateEvidence(0, 100, 0)).toBeCloseTo(-Math.log(101), 12);
    expect(logViolatedRateEvidence(100, 100, 1)).toBeCloseTo(0, 12);
  });
});
