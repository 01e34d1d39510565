import { expect, test } from "vitest";
import { judgedTarget } from "./judged-target.ts";
import { judgedPValue, judgedUpperBound, verifiedWrongNeeded } from "./judged-rate.ts";
import { pooledPValue, pooledUpperBound, type RateSample } from "./pooled-rate.ts";

const SAMPLES: readonly RateSample[] = [{ kind: "counted", hits: 20, trials: 1_500 }];
const CHECK = { missed: 6, verifiedWrong: 60 };

test("the p-value is the level at which the lowered target is just certified", () => {
  const p = judgedPValue(SAMPLES, CHECK, 0.05, "once");
  const passes = (level: number): boolean => {
    const { atMost } = judgedTarget(6, 60, 0.05, level / 2);
    return pooledPValue(SAMPLES, atMost, "once") <= level / 2;
  };
  expect(passes(p * 1.001)).toBe(true);
  expect(passes(p * 0.999)).toBe(false);
});

test("bound and p-value agree", () => {
  const bound = judgedUpperBound(SAMPLES, CHECK, 0.05, "any_time");
  expect(judgedPValue(SAMPLES, CHECK, bound * 1.0001, "any_time")).toBeLessThanOrEqual(0.05);
  expect(judgedPValue(SAMPLES, CHECK, bound * 0.9999, "any_time")).toBeGreaterThan(0.05);
});

test("a judge that nobody has checked certifies nothing", () => {
  const unchecked = { missed: 0, verifiedWrong: 0 };
  expect(judgedPValue(SAMPLES, unchecked, 0.05, "any_time")).toBe(1);
  expect(judgedUpperBound(SAMPLES, unchecked, 0.05, "any_time")).toBe(1);
});

test("the more a judge misses, the weaker its word", () => {
  const values = [0, 6, 20, 50].map((missed) =>
    judgedPValue(SAMPLES, { missed, verifiedWrong: 60 }, 0.05, "any_time"),
  );
  expect(values).toEqual(values.toSorted((a, b) => a - b));
  expect(values.at(-1)).toBe(1);
});

test("the wrong answers to be found are those with which the bound passes, and none fewer", () => {
  const bound = pooledUpperBound(SAMPLES, 0.025, "any_time");
  const needed = verifiedWrongNeeded(
    { missed: 0, verifiedWrong: 0 },
    bound,
    0.05,
    0.05,
    "any_time",
  );
  expect(needed).not.toBeNull();
  const passes = (verifiedWrong: number): boolean =>
    judgedUpperBound(SAMPLES, { missed: 0, verifiedWrong }, 0.05, "any_time") <= 0.05;
  expect(passes(needed ?? 0)).toBe(true);
  expect(passes((needed ?? 0) - 1)).toBe(false);
});

test("no number of checks mends a judge that misses too much, or verdicts that are too many", () => {
  const half = { missed: 30, verifiedWrong: 60 };
  expect(verifiedWrongNeeded(half, 0.03, 0.05, 0.05, "once")).toBeNull();
  expect(verifiedWrongNeeded(CHECK, 0.06, 0.05, 0.05, "once")).toBeNull();
  expect(verifiedWrongNeeded(CHECK, 0.03, 0.05, 0.05, "once")).toBeGreaterThan(0);
});
