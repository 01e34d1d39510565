import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { confidenceFactor, gradeShare, MOST_FACTOR, raisedShare } from "./grade-share.ts";
import type { GradingDay } from "./grade-share.ts";

const HOUR_MS = 3_600_000;

function day(changes: Partial<GradingDay> = {}): GradingDay {
  return {
    shipped: 0,
    expectedGraded: 0,
    observedMs: 12 * HOUR_MS,
    remainingMs: 12 * HOUR_MS,
    byConfidence: new Map(),
    ...changes,
  };
}

describe("the raised share", () => {
  test.each<[string, number, number, Partial<GradingDay>, number]>([
    ["much traffic: the configured share is more", 0.01, 30, { shipped: 10_000 }, 0.01],
    ["little traffic: what is missing over what comes", 0.01, 30, { shipped: 300 }, 0.1],
    ["hardly any traffic: everything", 0.01, 30, { shipped: 20 }, 1],
    ["a floor that is reached", 0.01, 30, { shipped: 300, expectedGraded: 30 }, 0.01],
    ["the first of a day", 0.01, 30, { observedMs: 0 }, 1],
    ["no grading, no floor", 0, 30, { shipped: 10 }, 0],
    ["everything stays everything", 1, 30, { shipped: 10_000 }, 1],
    ["no floor", 0.01, 0, { shipped: 10 }, 0.01],
  ])("%s", (_, share, perDay, changes, raised) => {
    expect(raisedShare(share, perDay, day(changes))).toBeCloseTo(raised, 10);
  });

  test.each([
    [40, 29, 41],
    [300, 27, 45],
    [3_000, 27, 62],
  ])("a day of %d answers ends with about thirty graded", (answers, least, most) => {
    let expectedGraded = 0;
    for (let shipped = 0; shipped < answers; shipped += 1) {
      const observedMs = (24 * HOUR_MS * shipped) / answers;
      const remainingMs = 24 * HOUR_MS - observedMs;
      expectedGraded += raisedShare(
        0.01,
        30,
        day({ shipped, expectedGraded, observedMs, remainingMs }),
      );
    }
    expect(expectedGraded).toBeGreaterThan(least);
    expect(expectedGraded).toBeLessThan(most);
  });
});

describe("the factor of a confidence", () => {
  const byConfidence = new Map([
    [0.7, 500],
    [0.8, 100],
    [0.85, 100],
    [0.9, 100],
    [0.95, 300],
    [0.99, 400],
    [0.812, 1],
  ]);
  const mean = (3 * 100 + 1.5 * 101 + 0.6 * 100 + 0.4 * 800) / 1001;

  test.each([
    [0.8, 3],
    [0.812, 1.5],
    [0.85, 1.5],
    [0.9, 0.6],
    [0.95, 0.4],
    [0.99, 0.4],
  ])("at %d it is %d over the mean", (confidence, factor) => {
    expect(confidenceFactor(confidence, 0.8, { byConfidence })).toBeCloseTo(
      factor / ((3 * 100 + 1.5 * 100 + 1.5 + 0.6 * 100 + 0.4 * 700) / 1001),
      10,
    );
    expect(mean).toBeGreaterThan(0);
  });

  test("is 1 before anything is known", () => {
    expect(confidenceFactor(0.9, 0.8, { byConfidence: new Map() })).toBe(1);
  });

  test("leaves the share of all answers as it was, and no answer out", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 80, max: 100 }), fc.integer({ min: 1, max: 500 })), {
          minLength: 1,
          maxLength: 9,
        }),
        fc.double({ min: 0.001, max: 0.1, noNaN: true }),
        (pairs, share) => {
          const counts = new Map(pairs.map(([value, count]) => [value / 100, count] as const));
          const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
          let drawn = 0;
          for (const [value, count] of counts) {
            const factor = confidenceFactor(value, 0.8, { byConfidence: counts });
            expect(factor).toBeGreaterThanOrEqual(0.25);
            expect(factor).toBeLessThanOrEqual(MOST_FACTOR);
            drawn += gradeShare(share, factor) * count;
          }
          // The least factor and the certainty at 1 may move it a little.
          expect(drawn / all).toBeLessThanOrEqual(share * 1.3);
          expect(drawn / all).toBeGreaterThanOrEqual(share * 0.7);
        },
      ),
    );
  });
});
