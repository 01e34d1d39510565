import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyAtoms, EXAMPLE_ATOMS } from "./calibration.fixture.ts";
import { rankingQuality } from "./ranking-quality.ts";

describe("rankingQuality", () => {
  test("the example, with the interval on the logit scale", () => {
    const ranking = rankingQuality(EXAMPLE_ATOMS);
    expect(ranking?.area).toBeCloseTo(0.7586635715470071, 12);
    expect(ranking?.standardError).toBeCloseTo(0.039111331931710326, 12);
    expect(ranking?.interval?.low).toBeCloseTo(0.6740784956951554, 10);
    expect(ranking?.interval?.high).toBeCloseTo(0.8269327315912871, 10);
  });

  test("a confidence that is always the same sorts nothing", () => {
    expect(rankingQuality([{ confidence: 0.9, rows: 50, wrong: 5 }])?.area).toBe(0.5);
  });

  test("perfect order has no interval: the method sees no spread there", () => {
    const perfect = [
      { confidence: 0.2, rows: 5, wrong: 5 },
      { confidence: 0.9, rows: 50, wrong: 0 },
    ];
    expect(rankingQuality(perfect)).toEqual({ area: 1, standardError: 0, interval: null });
  });

  test("needs two right and two wrong rows", () => {
    expect(rankingQuality([{ confidence: 0.9, rows: 50, wrong: 1 }])).toBeNull();
    expect(rankingQuality([{ confidence: 0.9, rows: 50, wrong: 49 }])).toBeNull();
  });

  test("turns around when confidence does, and sees order only", () => {
    fc.assert(
      fc.property(anyAtoms, (atoms) => {
        const area = rankingQuality(atoms)?.area ?? 0.5;
        const turned = atoms.map((atom) => ({ ...atom, confidence: 1 - atom.confidence }));
        const bent = atoms.map((atom) => ({ ...atom, confidence: atom.confidence ** 3 }));
        expect(rankingQuality(turned)?.area ?? 0.5).toBeCloseTo(1 - area, 12);
        expect(rankingQuality(bent.toReversed())?.area ?? 0.5).toBeCloseTo(area, 12);
      }),
    );
  });

  test("is the share of right–wrong pairs that are in order", () => {
    fc.assert(
      fc.property(anyAtoms, (atoms) => {
        const ranking = rankingQuality(atoms);
        if (ranking === null) return;
        let ordered = 0;
        let pairs = 0;
        for (const high of atoms) {
          for (const low of atoms) {
            const count = (high.rows - high.wrong) * low.wrong;
            pairs += count;
            if (high.confidence > low.confidence) ordered += count;
            if (high.confidence === low.confidence) ordered += count / 2;
          }
        }
        expect(ranking.area).toBeCloseTo(ordered / pairs, 12);
      }),
    );
  });
});
