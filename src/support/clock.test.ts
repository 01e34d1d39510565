import { expect, test } from "vitest";
import { elapsedMs } from "./clock.ts";

test("what lies between two times keeps its microseconds and nothing finer", () => {
  expect(elapsedMs(1_230.1, 1_234.567)).toBe(4.467);
  expect(elapsedMs(0.1, 0.3)).toBe(0.2);
  expect(elapsedMs(5, 5)).toBe(0);
});
