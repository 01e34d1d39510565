import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import { pairedNonInferiority } from "./paired-non-inferiority.ts";

describe("pairedNonInferiority", () => {
  test.each([
    [0, 0, 100, 0.723832728491721],
    [5, 5, 400, 1.4759979170361572],
    [20, 22, 1_000, 3.6231957064318228],
    [30, 10, 1_000, -0.6499371271238885],
    [40, 38, 2_000, 6.508459855164821],
  ])("%d harmed and %d helped of %d at two points", (harmed, helped, pairs, log) => {
    const { logNotWorse } = pairedNonInferiority({ harmed, helped, pairs }, 0.02);
    expect(logNotWorse).toBeCloseTo(log, 9);
  });

  test.each([
    [0, 0, 0, "open"],
    [20, 22, 1_000, "not_worse"],
    [30, 10, 1_000, "open"],
    [90, 10, 1_000, "worse"],
  ] as const)("%d harmed and %d helped of %d: %s", (harmed, helped, pairs, conclusion) => {
    expect(pairedNonInferiority({ harmed, helped, pairs }, 0.02).conclusion).toBe(conclusion);
  });

  test("nothing seen is no evidence either way", () => {
    const evidence = pairedNonInferiority({ harmed: 0, helped: 0, pairs: 0 }, 0.02);
    expect(evidence).toEqual({ logNotWorse: 0, logWorse: 0, conclusion: "open" });
  });

  test("one more harmed row weakens the one claim and strengthens the other", () => {
    const counts = fc.record({ harmed: fc.nat(200), helped: fc.nat(200), alike: fc.nat(2_000) });
    fc.assert(
      fc.property(counts, ({ harmed, helped, alike }) => {
        const pairs = harmed + helped + alike + 1;
        const before = pairedNonInferiority({ harmed, helped, pairs }, 0.02);
        const after = pairedNonInferiority({ harmed: harmed + 1, helped, pairs }, 0.02);
        expect(after.logNotWorse).toBeLessThan(before.logNotWorse);
        expect(after.logWorse).toBeGreaterThan(before.logWorse);
      }),
    );
  });

  test("at the edge a bet neither wins nor loses on average", () => {
    // Worse by exactly two points: 4 % harmed, 2 % helped.
    const random = createRandom("edge");
    let sum = 0;
    const runs = 4_000;
    for (let run = 0; run < runs; run += 1) {
      const counts = { harmed: 0, helped: 0, pairs: 50 };
      for (let i = 0; i < 50; i += 1) {
        const draw = random();
        if (draw < 0.04) counts.harmed += 1;
        else if (draw < 0.06) counts.helped += 1;
      }
      sum += Math.exp(pairedNonInferiority(counts, 0.02).logNotWorse);
    }
    expect(sum / runs).toBeCloseTo(1, 1);
  });

  test("refuses counts that cannot be", () => {
    expect(() => pairedNonInferiority({ harmed: 3, helped: 3, pairs: 5 }, 0.02)).toThrow("pairs");
    expect(() => pairedNonInferiority({ harmed: 0, helped: 0, pairs: 5 }, 0)).toThrow("margin");
  });
});
