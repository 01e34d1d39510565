import { expect, test } from "vitest";
import { bonferroni } from "./bonferroni.ts";

test("gives each hypothesis an equal share of the level", () => {
  expect(bonferroni([0.02, 0.025, 0.026, 1], 0.1)).toEqual([
    { level: 0.025, isCertified: true },
    { level: 0.025, isCertified: true },
    { level: 0.025, isCertified: false },
    { level: 0.025, isCertified: false },
  ]);
  expect(bonferroni([], 0.1)).toEqual([]);
  expect(() => bonferroni([0.5], 1)).toThrow("failureProbability");
});
