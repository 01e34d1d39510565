import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import { bootstrap, percentile, percentileInterval } from "./bootstrap.ts";

const mean = (rows: readonly number[]): number =>
  rows.reduce((sum, value) => sum + value, 0) / rows.length;

describe("bootstrap", () => {
  test("spreads as the standard error of a mean does", () => {
    const rows = Array.from({ length: 100 }, (_, i) => i);
    const values = bootstrap([rows], ([all]) => mean(all ?? []), createRandom("mean"));
    const { low, high } = percentileInterval(values);
    // σ/√n = 28.87/10; 1.96 of them on either side of 49.5.
    expect(low).toBeCloseTo(49.5 - 5.66, 0);
    expect(high).toBeCloseTo(49.5 + 5.66, 0);
  });

  test("keeps the size of every stratum and mixes none", () => {
    const isFaithful = ([ones, twos]: readonly (readonly number[])[]): number =>
      Number(ones?.join() === "1,1,1" && twos?.join() === "2,2");
    expect(
      bootstrap(
        [
          [1, 1, 1],
          [2, 2],
        ],
        isFaithful,
        createRandom("strata"),
        5,
      ),
    ).toEqual([...[1, 1, 1, 1, 1]]);
  });

  test("equal seeds give equal values", () => {
    const values = [1, 2].map(() =>
      bootstrap([[1, 5, 9]], ([all]) => mean(all ?? []), createRandom("same"), 20),
    );
    expect(values[0]).toEqual(values[1]);
    expect(values[0]).toEqual(values[0]?.toSorted((a, b) => a - b));
  });
});

test.each([
  [0, 10],
  [0.25, 20],
  [0.5, 30],
  [0.9, 46],
  [1, 50],
])("percentile %d of ten to fifty is %d", (share, value) => {
  expect(percentile([10, 20, 30, 40, 50], share)).toBeCloseTo(value, 12);
});
