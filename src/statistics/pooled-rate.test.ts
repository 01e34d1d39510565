import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import { anytimeLowerBound } from "./anytime-lower-bound.ts";
import { anytimeUpperBound } from "./anytime-upper-bound.ts";
import { bettingUpperBound } from "./betting-bound.ts";
import { exactUpperBound } from "./exact-binomial-bound.ts";
import {
  logPooledSafeEvidence,
  pooledLowerBound,
  pooledPValue,
  pooledUpperBound,
  type CountedSample,
  type RateSample,
  type WeightedSample,
} from "./pooled-rate.ts";
import { logSafeRateEvidence } from "./safe-rate-evidence.ts";

const COUNTED: CountedSample = { kind: "counted", hits: 4, trials: 200 };
const WEIGHTED: WeightedSample = {
  kind: "weighted",
  largestWeight: 20,
  observations: [
    { value: 0, weight: 1, count: 150 },
    { value: 1, weight: 1, count: 2 },
    { value: 0, weight: 20, count: 60 },
    { value: 0.5, weight: 3 },
  ],
};

describe("of one sample the known bounds come back", () => {
  test("counted", () => {
    expect(pooledUpperBound([COUNTED], 0.05, "any_time")).toBeCloseTo(
      anytimeUpperBound(4, 200, 0.05),
      9,
    );
    expect(pooledUpperBound([COUNTED], 0.05, "once")).toBeCloseTo(exactUpperBound(4, 200, 0.05), 9);
    expect(pooledLowerBound([COUNTED], 0.05)).toBeCloseTo(anytimeLowerBound(4, 200, 0.05), 9);
  });

  test("weighted", () => {
    expect(pooledUpperBound([WEIGHTED], 0.05, "any_time")).toBeCloseTo(
      bettingUpperBound(WEIGHTED.observations, 20, 0.05),
      9,
    );
  });

  test("none says nothing", () => {
    expect(pooledUpperBound([], 0.05, "any_time")).toBe(1);
    expect(pooledUpperBound([], 0.05, "once")).toBe(1);
    expect(pooledLowerBound([], 0.05)).toBe(0);
  });
});

test("evidence of several samples adds up, and divides the exact p-value of one look", () => {
  const both = [COUNTED, WEIGHTED];
  const ofWeighted = logPooledSafeEvidence([WEIGHTED], 0.05);
  expect(logPooledSafeEvidence(both, 0.05)).toBeCloseTo(
    logSafeRateEvidence(4, 200, 0.05) + ofWeighted,
    12,
  );
  expect(pooledPValue(both, 0.05, "once")).toBeCloseTo(
    pooledPValue([COUNTED], 0.05, "once") / Math.exp(ofWeighted),
    12,
  );
});

test("counts stand for so many observations", () => {
  const spelt = WEIGHTED.observations.flatMap(({ count = 1, ...one }) =>
    Array.from({ length: count }, () => one),
  );
  expect(logPooledSafeEvidence([{ ...WEIGHTED, observations: spelt }], 0.04)).toBeCloseTo(
    logPooledSafeEvidence([WEIGHTED], 0.04),
    9,
  );
});

test("evidence grows with the rate that is claimed, and a larger part weakens it", () => {
  const rate = fc.double({ min: 0.01, max: 0.4, noNaN: true });
  fc.assert(
    fc.property(rate, rate, rate, (one, other, share) => {
      const samples: RateSample[] = [
        COUNTED,
        { ...WEIGHTED, ofShare: { low: share, high: share + 0.5 } },
      ];
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      const pLow = pooledPValue(samples, low, "any_time");
      expect(pooledPValue(samples, high, "any_time")).toBeLessThanOrEqual(pLow * (1 + 1e-9));
      const wider: RateSample[] = [
        COUNTED,
        { ...WEIGHTED, ofShare: { low: share, high: share + 0.55 } },
      ];
      expect(pooledPValue(wider, low, "any_time")).toBeGreaterThanOrEqual(pLow * (1 - 1e-9));
    }),
  );
});

test("two draws of one rate, looked at again and again, mislead no more often than allowed", () => {
  const random = createRandom("pooled");
  const [runs, rows, rate, failure] = [200, 1_200, 0.0501, 0.05];
  let misled = 0;
  for (let run = 0; run < runs; run += 1) {
    let [hits, trials] = [0, 0];
    // Sure answers are drawn a tenth as often, and most errors are among them: a plain count of what
    // was drawn would see too few.
    const counts = { sureRight: 0, sureWrong: 0, right: 0, wrong: 0 };
    let isMisled = false;
    for (let row = 1; row <= rows; row += 1) {
      const isWrong = random() < rate;
      if (random() < 0.5) {
        trials += 1;
        if (isWrong) hits += 1;
      } else {
        const isSure = random() < (isWrong ? 0.7 : 0.3);
        if (random() < (isSure ? 0.1 : 1)) {
          counts[isSure ? (isWrong ? "sureWrong" : "sureRight") : isWrong ? "wrong" : "right"] += 1;
        }
      }
      if (row % 40 !== 0) continue;
      const weighted: WeightedSample = {
        kind: "weighted",
        largestWeight: 10,
        observations: [
          { value: 0, weight: 10, count: counts.sureRight },
          { value: 1, weight: 10, count: counts.sureWrong },
          { value: 0, weight: 1, count: counts.right },
          { value: 1, weight: 1, count: counts.wrong },
        ],
      };
      const samples: RateSample[] = [{ kind: "counted", hits, trials }, weighted];
      isMisled ||= pooledPValue(samples, 0.05, "any_time") <= failure;
    }
    if (isMisled) misled += 1;
  }
  expect(misled / runs).toBeLessThanOrEqual(failure + 3 * Math.sqrt((failure * 0.95) / runs));
});
