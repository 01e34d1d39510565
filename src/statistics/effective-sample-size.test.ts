import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kishSampleSize, varianceSampleSize } from "./effective-sample-size.ts";
import { anyGroups, EXAMPLE_GROUPS } from "./sampled-group.fixture.ts";

describe("effective sample sizes", () => {
  test("the example's 129 rows are worth fewer", () => {
    expect(kishSampleSize(EXAMPLE_GROUPS)).toBeCloseTo(77.53772766695576, 9);
    expect(varianceSampleSize(EXAMPLE_GROUPS)).toBeCloseTo(119.36716858149158, 9);
  });

  test("equal weights lose nothing", () => {
    const plain = [{ propensity: 0.01, trials: 100, hits: 5 }];
    expect(kishSampleSize(plain)).toBeCloseTo(100, 9);
    expect(varianceSampleSize(plain)).toBeCloseTo(100 / 0.99, 9);
  });

  test("Kish's is at most the number of rows, and blind to a common factor", () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const rows = groups.reduce((sum, { trials }) => sum + trials, 0);
        const half = groups.map((group) => ({ ...group, propensity: group.propensity / 2 }));
        expect(kishSampleSize(groups)).toBeLessThanOrEqual(rows * (1 + 1e-12));
        expect(kishSampleSize(half)).toBeCloseTo(kishSampleSize(groups), 6);
      }),
    );
  });

  test("without a hit there is no variance to go by", () => {
    expect(varianceSampleSize([{ propensity: 0.1, trials: 10, hits: 0 }])).toBeNull();
    expect(varianceSampleSize([])).toBeNull();
    expect(kishSampleSize([])).toBe(0);
  });
});
