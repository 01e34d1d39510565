import { describe, expect, test } from "vitest";
import { failureLimit, figureAtLeast, figureAtMost } from "../../bench/validate/experiment.ts";
import { EXPERIMENTS } from "../../bench/validate/experiments.ts";
import { REPEATED_LOOKS, shareMisled } from "../../bench/validate/v02-repeated-looks.ts";
import { duplicates } from "../../bench/validate/v11-duplicates.ts";
import { createSampler, EDGE_WORLD, trueRate, WORLDS } from "../../bench/validate/worlds.ts";
import { EXACT_P_VALUES, repeatablePValues } from "../../src/statistics/p-value-source.ts";
import { createRandom } from "../../src/support/random.ts";

describe("an experiment", () => {
  test("misses its limit when the promise is broken", () => {
    const runs = 150;
    const limit = failureLimit(0.05, runs);
    const honest = shareMisled(createRandom("teeth"), runs, repeatablePValues());
    const careless = shareMisled(createRandom("teeth"), runs, EXACT_P_VALUES);
    expect(figureAtMost("repeatable looks", honest, limit).holds).toBe(true);
    expect(figureAtMost("one look, taken often", careless, limit).holds).toBe(false);
  });

  test("misses its teeth when nothing bites", () => {
    expect(figureAtLeast("teeth", 0.01, 0.15).holds).toBe(false);
    expect(figureAtMost("a figure that is none", NaN, 1).holds).toBe(false);
    expect(figureAtLeast("a figure that is none", NaN, 1).holds).toBe(false);
  });

  test("gives the same figures from the same seed", () => {
    const figures = duplicates(40).run(createRandom("again"));
    expect(duplicates(40).run(createRandom("again"))).toEqual(figures);
    expect(figures).toHaveLength(3);
  });

  test("has an id of its own", () => {
    expect(new Set(EXPERIMENTS.map(({ id }) => id)).size).toBe(EXPERIMENTS.length);
    expect(EXPERIMENTS).toContain(REPEATED_LOOKS);
  });
});

describe("the worlds", () => {
  test("share out their traffic completely", () => {
    for (const { name, atoms } of WORLDS) {
      const mass = atoms.reduce((sum, atom) => sum + atom.mass, 0);
      expect(mass, name).toBeCloseTo(1, 12);
    }
  });

  test("put the edge just beyond what is allowed", () => {
    for (const { confidence } of EDGE_WORLD.atoms.slice(1)) {
      expect(trueRate(EDGE_WORLD, confidence)).toBeCloseTo(0.0501, 12);
    }
  });

  test("are drawn as often as they say", () => {
    const shares = [0.0004, 0.25, 0, 0.7, 0.0496];
    const draw = createSampler(shares);
    const random = createRandom("sampler");
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 200_000; i += 1) {
      const cell = draw(random);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    for (const [i, share] of shares.entries()) {
      const spread = 4 * Math.sqrt((share * (1 - share)) / 200_000);
      expect(Math.abs((counts[i] ?? 0) / 200_000 - share)).toBeLessThanOrEqual(spread);
    }
  });
});
