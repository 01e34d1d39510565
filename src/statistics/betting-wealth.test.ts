import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bettingLowerBound, bettingUpperBound } from "./betting-bound.ts";
import {
  logBettingEvidence,
  logBettingEvidenceOf,
  observeBet,
  startBetting,
  type BettingState,
  type MeanClaim,
  type WeightedValue,
} from "./betting-wealth.ts";

/** Four strata drawn with different propensities. */
const STRATA = [
  { propensity: 0.03, rows: 60, hits: 7 },
  { propensity: 0.015, rows: 42, hits: 3 },
  { propensity: 0.006, rows: 19, hits: 1 },
  { propensity: 0.004, rows: 8, hits: 0 },
];
const observations: readonly WeightedValue[] = STRATA.flatMap(({ propensity, rows, hits }) =>
  Array.from({ length: rows }, (_, i) => ({ value: i < hits ? 1 : 0, weight: 1 / propensity })),
);
const claim: MeanClaim = { claim: "at_least", mean: 0.25, largestWeight: 250 };

const anyObservation = fc.record({
  value: fc.double({ min: 0, max: 1, noNaN: true }),
  weight: fc.double({ min: 0.1, max: 4, noNaN: true }),
});

describe("observeBet", () => {
  test("gains the wealth of the reference, one by one and all at once", () => {
    expect(logBettingEvidenceOf(observations, claim)).toBeCloseTo(5.995166655253929, 12);
    expect(logBettingEvidence(after(observations, claim))).toBeCloseTo(5.995166655253929, 12);
  });

  test("goes on from a state that was stored, which stays small", () => {
    const first = after(observations.slice(0, 70), claim);
    const stored = JSON.stringify(first);
    const read: BettingState = JSON.parse(stored);
    const rest = observations.slice(70);
    expect(after(rest, claim, read)).toEqual(after(rest, claim, first));
    expect(stored.length).toBeLessThan(230);
  });

  test("does not depend on the order", () => {
    fc.assert(
      fc.property(fc.array(anyObservation, { maxLength: 40 }), (sample) => {
        const plan: MeanClaim = { claim: "at_most", mean: 0.3, largestWeight: 4 };
        const forth = logBettingEvidenceOf(sample, plan);
        expect(logBettingEvidenceOf(sample.toReversed(), plan)).toBeCloseTo(forth, 9);
      }),
    );
  });

  test("is a fair bet at the edge of the claim", () => {
    for (const side of ["at_least", "at_most"] as const) {
      const plan: MeanClaim = { claim: side, mean: 0.2, largestWeight: 2 };
      const hit = Math.exp(logBettingEvidenceOf([{ value: 1, weight: 1.3 }], plan));
      const miss = Math.exp(logBettingEvidenceOf([{ value: 0, weight: 1.3 }], plan));
      expect(0.2 * hit + 0.8 * miss).toBeCloseTo(1, 12);
    }
  });

  test.each([
    [{ value: 1.1, weight: 1 }, claim],
    [{ value: 0.5, weight: 0 }, claim],
    [{ value: 0.5, weight: 251 }, claim],
    [{ value: NaN, weight: 1 }, claim],
    [
      { value: 0, weight: 1 },
      { ...claim, mean: 0 },
    ],
    [
      { value: 0, weight: 1 },
      { ...claim, largestWeight: Infinity },
    ],
  ])("refuses %o against %o", (observation, plan) => {
    expect(() => observeBet(startBetting(), plan, observation)).toThrow(
      expect.objectContaining({ code: "statistics_argument" }),
    );
  });
});

describe("bettingUpperBound", () => {
  test("is the mean that the evidence just refutes", () => {
    const bound = bettingUpperBound(observations, 250, 0.05);
    expect(Math.abs(bound / 0.18197453366813415 - 1)).toBeLessThan(1e-12);
    expect(logBettingEvidenceOf(observations, { ...claim, mean: bound })).toBeCloseTo(
      Math.log(20),
      9,
    );
  });

  test("mirrors the lower bound when values change sides, and takes the ends", () => {
    const mirrored = observations.map(({ value, weight }) => ({ value: 1 - value, weight }));
    const lower = bettingLowerBound(mirrored, 250, 0.05);
    expect(lower).toBeCloseTo(1 - 0.18197453366813415, 12);
    expect(bettingUpperBound([], 1, 0.05)).toBe(1);
    expect(bettingLowerBound([], 1, 0.05)).toBe(0);
    expect(bettingUpperBound([{ value: 1, weight: 1 }], 1, 0.05)).toBe(1);
    expect(bettingLowerBound([{ value: 0, weight: 1 }], 1, 0.05)).toBe(0);
    const zeros = Array.from({ length: 200 }, () => ({ value: 0, weight: 1 }));
    expect(bettingUpperBound(zeros, 1, 0.05)).toBeCloseTo(0.0251, 4);
  });

  test("falls when more failure is allowed", () => {
    const bounds = [0.001, 0.01, 0.05, 0.3].map((p) => bettingUpperBound(observations, 250, p));
    expect(bounds).toEqual(bounds.toSorted((a, b) => b - a));
  });
});

function after(
  sample: readonly WeightedValue[],
  plan: MeanClaim,
  start: BettingState = startBetting(),
): BettingState {
  return sample.reduce((state, observation) => observeBet(state, plan, observation), start);
}
