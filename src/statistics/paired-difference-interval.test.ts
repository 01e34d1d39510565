import { expect, test } from "vitest";
import { pairedDifferenceInterval } from "./paired-difference-interval.ts";

test("adds a pair to either side", () => {
  // (9 - 4)/102 ± 1.96 √((13/102 - (5/102)²)/102)
  const { low, high } = pairedDifferenceInterval({ harmed: 3, helped: 8, pairs: 100 });
  expect(low).toBeCloseTo(-0.019606, 6);
  expect(high).toBeCloseTo(0.117645, 6);
});

test("is no point where no pair differs, and turns round with the sides", () => {
  const none = pairedDifferenceInterval({ harmed: 0, helped: 0, pairs: 50 });
  expect(none.high).toBeGreaterThan(0.05);
  expect(none.low).toBeCloseTo(-none.high, 12);
  const one = pairedDifferenceInterval({ harmed: 2, helped: 7, pairs: 40 });
  const other = pairedDifferenceInterval({ harmed: 7, helped: 2, pairs: 40 });
  expect(one.low).toBeCloseTo(-other.high, 12);
});

test("stays a share however few pairs there are", () => {
  expect(pairedDifferenceInterval({ harmed: 0, helped: 0, pairs: 0 })).toEqual({
    low: -1,
    high: 1,
  });
});
