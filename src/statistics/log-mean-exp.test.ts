import { expect, test } from "vitest";
import { logMeanExp } from "./log-mean-exp.ts";

test("neither overflows nor loses what is small", () => {
  expect(logMeanExp([Math.log(1), Math.log(3)])).toBeCloseTo(Math.log(2), 14);
  expect(logMeanExp([5_000, 5_000])).toBeCloseTo(5_000, 10);
  expect(logMeanExp([-5_000, -5_000])).toBeCloseTo(-5_000, 10);
  expect(logMeanExp([-Infinity, 0])).toBeCloseTo(-Math.LN2, 14);
  expect(logMeanExp([-Infinity, -Infinity])).toBe(-Infinity);
  expect(logMeanExp([Infinity, 0])).toBe(Infinity);
});
