import { expect, test } from "vitest";
import { arenaScore } from "./arena-score.ts";

test.each([
  [1, 0.7, 0.674439419535773],
  [10, 0.75, 0.6503777111372903],
  [0.1, 0.6, 0.6084874030610138],
  [200, 0.9, 0],
  [1_000, 0.9, 0],
  [0.0044, 1, 1],
  [1, 0, 0],
])("$%d per thousand at %d", (usdPerThousand, accuracy, score) => {
  expect(arenaScore(usdPerThousand, accuracy)).toBeCloseTo(score, 12);
});

test("a cost of 0 is refused", () => {
  expect(() => arenaScore(0, 0.5)).toThrow("usdPerThousand");
});
