import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import { clusteredQuantile, quantileDifference } from "./clustered-quantile.ts";

const alone = (values: readonly number[]) =>
  values.map((value, index) => ({ cluster: String(index), value }));
const oneTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);

describe("clusteredQuantile", () => {
  test("of independent values is near the binomial one", () => {
    // Binomial ranks of the median of 100: 40 and 61.
    expect(clusteredQuantile(alone(oneTo(100)), 0.5)).toEqual({
      value: 50,
      interval: { low: 40, high: 61 },
    });
  });

  test("is not known where its end lies beyond the values", () => {
    expect(clusteredQuantile(alone(oneTo(30)), 0.95)).toEqual({ value: 29, interval: null });
    expect(clusteredQuantile(alone([7]), 0.5)).toBeNull();
    expect(clusteredQuantile([], 0.5)).toBeNull();
  });

  test("covers the truth where values of a user are alike", () => {
    const random = createRandom("quantiles");
    const runs = 300;
    let covered = 0;
    for (let run = 0; run < runs; run += 1) {
      const rows = oneTo(60).flatMap((user) => {
        const base = random();
        return oneTo(10).map(() => ({ cluster: String(user), value: base + 0.01 * random() }));
      });
      const interval = clusteredQuantile(rows, 0.5)?.interval;
      if (interval && interval.low <= 0.505 && interval.high >= 0.505) covered += 1;
    }
    expect(covered / runs).toBeGreaterThan(0.92);
  });
});

describe("quantileDifference", () => {
  test("adds the distances to the ends as squares", () => {
    const of = { value: 100, interval: { low: 97, high: 112 } };
    const against = { value: 80, interval: { low: 75, high: 84 } };
    expect(quantileDifference(of, against)).toEqual({
      difference: 20,
      interval: { low: 15, high: 33 },
    });
    expect(quantileDifference(of, { value: 80, interval: null }).interval).toBeNull();
  });
});
