import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { previewHigherThreshold, previewLowerThreshold } from "./threshold-preview.ts";

const LOWERED = {
  shipped: { rows: 5_000, graded: 100, wrong: 3 },
  band: { rows: 1_200, graded: 200, wrong: 18 },
  notLogged: 300,
};

describe("previewLowerThreshold", () => {
  test("unlogged answers may be all right or all wrong", () => {
    const preview = previewLowerThreshold(LOWERED);
    expect(preview?.ships).toBe(6_500);
    expect(preview?.bounds.low).toBeCloseTo(0.03969230769230769, 12);
    expect(preview?.bounds.high).toBeCloseTo(0.08584615384615385, 12);
    expect(preview?.lowIfErrorsFall).toBeCloseTo(0.04107692307692308, 12);
    expect(preview?.pointIfMissingAtRandom).toBeCloseTo(0.04384615384615385, 12);
    expect(preview?.unidentifiedShare).toBeCloseTo(0.046153846153846156, 12);
  });

  test("the sampling interval lies outside the bounds, and shrinks with grades", () => {
    const few = previewLowerThreshold(LOWERED);
    const many = previewLowerThreshold({
      ...LOWERED,
      shipped: { rows: 5_000, graded: 10_000, wrong: 300 },
      band: { rows: 1_200, graded: 20_000, wrong: 1_800 },
    });
    if (few === null || many === null) throw new Error("no preview");
    expect(few.interval.low).toBeLessThan(few.bounds.low);
    expect(few.interval.high).toBeGreaterThan(few.bounds.high);
    expect(many.bounds.low).toBeCloseTo(few.bounds.low, 12);
    expect(many.interval.low).toBeGreaterThan(few.interval.low);
    expect(many.interval.high).toBeLessThan(few.interval.high);
  });

  test("with every answer logged there is one number", () => {
    const preview = previewLowerThreshold({ ...LOWERED, notLogged: 0 });
    expect(preview?.bounds.low).toBe(preview?.bounds.high);
    expect(preview?.bounds.low).toBe(preview?.pointIfMissingAtRandom);
    expect(preview?.unidentifiedShare).toBe(0);
  });

  test("says nothing of rows that nobody graded", () => {
    const ungraded = { rows: 1_200, graded: 0, wrong: 0 };
    expect(previewLowerThreshold({ ...LOWERED, band: ungraded })).toBeNull();
    const empty = { rows: 0, graded: 0, wrong: 0 };
    expect(previewLowerThreshold({ ...LOWERED, band: empty })?.pointIfMissingAtRandom).toBeNull();
  });

  test("every reading lies between the bounds", () => {
    const graded = fc
      .tuple(fc.integer({ min: 1, max: 200 }), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([trials, share]) => ({ rows: 500, graded: trials, wrong: Math.round(trials * share) }));
    fc.assert(
      fc.property(graded, graded, fc.nat(500), (shipped, band, notLogged) => {
        const preview = previewLowerThreshold({ shipped, band, notLogged });
        if (preview === null) throw new Error("no preview");
        const { low, high } = preview.bounds;
        for (const reading of [preview.lowIfErrorsFall, preview.pointIfMissingAtRandom ?? low]) {
          expect(reading).toBeGreaterThanOrEqual(low - 1e-12);
          expect(reading).toBeLessThanOrEqual(high + 1e-12);
        }
      }),
    );
  });
});

test("a higher threshold is seen in full: what is still shipped, and what escalating it costs", () => {
  const stillShipped = { rows: 3_000, graded: 50, wrong: 1 };
  const preview = previewHigherThreshold({ stillShipped, predictedDeepCost: 84 });
  expect(preview).toMatchObject({ ships: 3_000, wrongShare: 0.02, extraCost: 84 });
  expect(preview?.interval.low).toBeCloseTo(0.0035, 3);
  expect(preview?.interval.high).toBeCloseTo(0.105, 3);
  const ungraded = { rows: 3_000, graded: 0, wrong: 0 };
  expect(previewHigherThreshold({ stillShipped: ungraded, predictedDeepCost: 84 })).toBeNull();
});
