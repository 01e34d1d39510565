import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import { anytimeLowerBound } from "./anytime-lower-bound.ts";
import { anytimeUpperBound } from "./anytime-upper-bound.ts";
import { exactLowerBound } from "./exact-binomial-bound.ts";

test("mirrors the upper bound of the misses", () => {
  fc.assert(
    fc.property(
      fc.nat(60),
      fc.nat(400),
      fc.double({ min: 0.001, max: 0.4, noNaN: true }),
      (hits, more, d) => {
        const trials = hits + more;
        const mirrored = 1 - anytimeUpperBound(trials - hits, trials, d);
        expect(anytimeLowerBound(hits, trials, d)).toBeCloseTo(mirrored, 9);
      },
    ),
  );
});

test("lies below the observed share, and below the bound for one look", () => {
  expect(anytimeLowerBound(0, 100, 0.05)).toBe(0);
  expect(anytimeLowerBound(0, 0, 0.05)).toBe(0);
  const [anytime, once] = [anytimeLowerBound(20, 200, 0.05), exactLowerBound(20, 200, 0.05)];
  expect(anytime).toBeLessThan(once);
  expect(anytime).toBeGreaterThan(0.04);
});

test("asked after every row it passes the true rate no more often than allowed; one look's does", () => {
  const random = createRandom("asked daily");
  const [runs, rows, rate, failure] = [150, 600, 0.1, 0.1];
  let [anytime, once] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    let hits = 0;
    let [isAnytime, isOnce] = [false, false];
    for (let row = 1; row <= rows; row += 1) {
      if (random() < rate) hits += 1;
      if (row % 10 !== 0) continue;
      isAnytime ||= anytimeLowerBound(hits, row, failure) > rate;
      isOnce ||= exactLowerBound(hits, row, failure) > rate;
    }
    if (isAnytime) anytime += 1;
    if (isOnce) once += 1;
  }
  const allowed = failure + 3 * Math.sqrt((failure * (1 - failure)) / runs);
  expect(anytime / runs).toBeLessThanOrEqual(allowed);
  expect(once / runs).toBeGreaterThan(allowed);
});
