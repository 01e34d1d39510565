import { expect, test } from "vitest";
import { nonInferioritySampleSize } from "./non-inferiority-sample-size.ts";

const GUESS = { discordantShare: 0.05, accuracy: 0.92 };

test("pairs need a third of what one arm needs", () => {
  expect(nonInferioritySampleSize(GUESS, 0.02)).toEqual({ pairs: 773, perArm: 2_276 });
});

test("half the margin needs four times as many, more power and less failure need more", () => {
  const { pairs } = nonInferioritySampleSize(GUESS, 0.02);
  expect(nonInferioritySampleSize(GUESS, 0.01).pairs / pairs).toBeCloseTo(4, 2);
  expect(nonInferioritySampleSize(GUESS, 0.02, 0.05, 0.9).pairs).toBeGreaterThan(pairs);
  expect(nonInferioritySampleSize(GUESS, 0.02, 0.01).pairs).toBeGreaterThan(pairs);
});

test("refuses what is no plan", () => {
  const refusal = expect.objectContaining({ code: "statistics_argument" });
  expect(() => nonInferioritySampleSize(GUESS, 0)).toThrow(refusal);
  expect(() => nonInferioritySampleSize(GUESS, 0.02, 0.05, 0.01)).toThrow(refusal);
  expect(() => nonInferioritySampleSize({ ...GUESS, accuracy: 2 }, 0.02)).toThrow(refusal);
});
