import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactInterval } from "./exact-interval.ts";
import { kornGraubardInterval } from "./korn-graubard-interval.ts";
import { anyGroups, EXAMPLE_GROUPS } from "./sampled-group.fixture.ts";

describe("kornGraubardInterval", () => {
  test("the example", () => {
    const weighted = kornGraubardInterval(EXAMPLE_GROUPS);
    expect(weighted?.interval.low).toBeCloseTo(0.024901336806230204, 9);
    expect(weighted?.interval.high).toBeCloseTo(0.11909958635817719, 9);
    expect(weighted?.effectiveTrials).toBeCloseTo(119.36716858149158, 9);
  });

  test("equal propensities give the exact interval of the plain counts", () => {
    const weighted = kornGraubardInterval([{ propensity: 0.02, trials: 80, hits: 4 }]);
    expect(weighted?.interval.low).toBeCloseTo(exactInterval(4, 80).low, 12);
    expect(weighted?.interval.high).toBeCloseTo(exactInterval(4, 80).high, 12);
  });

  test("without a hit Kish's size bounds it", () => {
    const clean = EXAMPLE_GROUPS.map((group) => ({ ...group, hits: 0 }));
    const weighted = kornGraubardInterval(clean);
    expect(weighted?.effectiveTrials).toBeCloseTo(77.53772766695576, 9);
    expect(weighted?.interval).toEqual(exactInterval(0, weighted?.effectiveTrials ?? 0));
  });

  test("holds the share and stays in 0–1", () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const weighted = kornGraubardInterval(groups);
        if (weighted === null) throw new Error("no interval");
        const { share, interval } = weighted;
        expect(interval.low).toBeGreaterThanOrEqual(0);
        expect(interval.low).toBeLessThanOrEqual(share + 1e-12);
        expect(interval.high).toBeGreaterThanOrEqual(share - 1e-12);
        expect(interval.high).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("nothing drawn, nothing known", () => {
    expect(kornGraubardInterval([])).toBeNull();
  });
});
