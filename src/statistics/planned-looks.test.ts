import { expect, test } from "vitest";
import { certifyInSequence } from "./certify-selective.ts";
import { exactUpperBound } from "./exact-binomial-bound.ts";
import { mostHitsCertified } from "./labels-needed.ts";
import { plannedLooks, plannedPValues } from "./planned-looks.ts";

test("each look has twice as many labels as the one before", () => {
  expect(plannedLooks(250)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000]);
  expect(plannedLooks(100, 2)).toEqual([100, 200]);
});

test("each look spends its part of the failure probability", () => {
  const target = { atMost: 0.05, failureProbability: 0.06, pValues: plannedPValues(6) };
  const most = mostHitsCertified(1_000, 0.05, 0.01) ?? -1;
  const isCertified = (hits: number): boolean =>
    certifyInSequence([{ threshold: 0.9, hits, trials: 1_000 }], target).threshold !== null;
  expect(isCertified(most)).toBe(true);
  expect(isCertified(most + 1)).toBe(false);
  expect(plannedPValues(6).upperBound(most, 1_000, 0.06)).toBe(exactUpperBound(most, 1_000, 0.01));
  expect(plannedPValues(6).pValue({ threshold: 0.9, hits: 50, trials: 50 }, 0.05)).toBe(1);
});

test("refuses plans without a look or a label", () => {
  const refusal = expect.objectContaining({ code: "statistics_argument" });
  expect(() => plannedLooks(0)).toThrow(refusal);
  expect(() => plannedLooks(10, 1.5)).toThrow(refusal);
  expect(() => plannedPValues(0)).toThrow(refusal);
});
