import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import {
  clusteredInterval,
  clusteredMean,
  differenceInterval,
  meanDifference,
  type ClusterSum,
} from "./clustered-mean.ts";

const single = (values: readonly number[]): readonly ClusterSum[] =>
  values.map((sum) => ({ rows: 1, sum }));

describe("clusteredMean", () => {
  test("of clusters of one row is the mean with its usual standard error", () => {
    const found = clusteredMean(single([4, 8, 6, 5, 3, 2, 8, 9, 2, 5]));
    expect(found?.mean).toBeCloseTo(5.2, 12);
    // s = √(57.6 / 9), over √10
    expect(found?.standardError).toBeCloseTo(0.8, 12);
  });

  test("is the ratio of sums, with the error of Cochran's ratio estimate", () => {
    const found = clusteredMean([
      { rows: 2, sum: 3 },
      { rows: 1, sum: 1 },
      { rows: 5, sum: 4 },
    ]);
    expect(found?.mean).toBe(1);
    // Residuals 1, 0, -1: √(3/2 × 2) / 8
    expect(found?.standardError).toBeCloseTo(Math.sqrt(3) / 8, 12);
  });

  test("copies of one row tell no more than the row", () => {
    const rows = [1, 0, 0, 1, 1, 0, 0, 0];
    const copied = clusteredMean(rows.map((value) => ({ rows: 10, sum: 10 * value })));
    expect(copied?.standardError).toBeCloseTo(clusteredMean(single(rows))?.standardError ?? 0, 12);
  });

  test("knows nothing of fewer than two clusters", () => {
    expect(clusteredMean([{ rows: 100, sum: 3 }])).toBeNull();
  });
});

describe("the difference of two means", () => {
  test("has Welch's degrees of freedom", () => {
    const one = { mean: 20.82, standardError: 0.5, rows: 8, clusters: 8 };
    const other = { mean: 23.71, standardError: 1.2, rows: 15, clusters: 15 };
    const found = meanDifference(one, other);
    expect(found.difference).toBeCloseTo(-2.89, 12);
    expect(found.standardError).toBeCloseTo(1.3, 12);
    // 1.69² / (0.0625/7 + 2.0736/14)
    expect(found.degreesOfFreedom).toBeCloseTo(2.8561 / (0.0625 / 7 + 2.0736 / 14), 10);
  });

  test("of values that do not vary is known exactly", () => {
    const [one, other] = [clusteredMean(single([2, 2, 2])), clusteredMean(single([5, 5]))];
    if (one === null || other === null) expect.fail("two clusters are enough");
    expect(differenceInterval(meanDifference(one, other))).toEqual({ low: -3, high: -3 });
    expect(clusteredInterval(one)).toEqual({ low: 2, high: 2 });
  });

  test("covers the truth where requests of a user are alike, and would not without users", () => {
    const random = createRandom("clusters");
    const runs = 400;
    let [covered, careless] = [0, 0];
    for (let run = 0; run < runs; run += 1) {
      const users = Array.from({ length: 60 }, () => {
        const rate = random() < 0.5 ? 0.1 : 0.9;
        const rows = 5 + Math.floor(random() * 20);
        const values = Array.from({ length: rows }, () => (random() < rate ? 1 : 0));
        return { rows, values, sum: values.reduce((sum: number, value) => sum + value, 0) };
      });
      const isIn = (clusters: readonly ClusterSum[]): boolean => {
        const mean = clusteredMean(clusters);
        const { low, high } = mean === null ? { low: 1, high: 0 } : clusteredInterval(mean);
        return low <= 0.5 && high >= 0.5;
      };
      if (isIn(users)) covered += 1;
      if (isIn(users.flatMap(({ values }) => single(values)))) careless += 1;
    }
    expect(covered / runs).toBeGreaterThan(0.92);
    expect(careless / runs).toBeLessThan(0.7);
  });
});
