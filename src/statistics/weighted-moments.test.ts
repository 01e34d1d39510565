import fc from "fast-check";
import { expect, test } from "vitest";
import { anyGroups } from "./sampled-group.fixture.ts";
import { effectiveCounts, momentsOf, weightedShareOf } from "./weighted-moments.ts";

test("effective counts are at most the rows and have the weighted share", () => {
  fc.assert(
    fc.property(anyGroups, (groups) => {
      const moments = momentsOf(groups);
      const { hits, trials } = effectiveCounts(moments);
      expect(trials).toBeLessThanOrEqual(moments.trials);
      expect(hits / trials).toBeCloseTo(weightedShareOf(moments).share, 9);
    }),
  );
});

test("rows that were all drawn count one each", () => {
  const moments = momentsOf([{ propensity: 1, trials: 40, hits: 4 }]);
  expect(effectiveCounts(moments)).toEqual({ hits: 4, trials: 40 });
});

test("sums of parts are those of the whole", () => {
  fc.assert(
    fc.property(anyGroups, anyGroups, (some, others) => {
      const [one, other, both] = [some, others, [...some, ...others]].map(momentsOf);
      expect(both?.weight).toBeCloseTo((one?.weight ?? 0) + (other?.weight ?? 0), 6);
      expect(both?.hitWeight).toBeCloseTo((one?.hitWeight ?? 0) + (other?.hitWeight ?? 0), 6);
    }),
  );
});
