import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logIncompleteBeta, logOneMinusExp } from "./incomplete-beta.ts";

describe("logIncompleteBeta", () => {
  test.each([0.001, 0.3, 0.9, 0.999999])(
    "is a plain power when one parameter is 1: x = %d",
    (x) => {
      for (const size of [0.5, 1, 7, 400]) {
        const first = logIncompleteBeta(x, size, 1);
        expect(first.logLower).toBeCloseTo(size * Math.log(x), 10);
        expect(logIncompleteBeta(x, 1, size).logUpper).toBeCloseTo(size * Math.log1p(-x), 10);
      }
    },
  );

  test("keeps tails far below the smallest double", () => {
    expect(logIncompleteBeta(1e-10, 1_000, 1).logLower).toBeCloseTo(1_000 * Math.log(1e-10), 6);
    const mirrored = logIncompleteBeta(0.4, 10, 100_000);
    expect(mirrored.logUpper).toBeLessThan(-40_000);
    expect(mirrored.logLower).toBe(-0);
  });

  test("is 0 and 1 at the ends", () => {
    expect(logIncompleteBeta(0, 2, 3)).toEqual({ logLower: -Infinity, logUpper: 0 });
    expect(logIncompleteBeta(1, 2, 3)).toEqual({ logLower: 0, logUpper: -Infinity });
  });

  const size = fc.double({ min: 0.5, max: 5_000, noNaN: true });
  const inside = fc.double({ min: 0.001, max: 0.999, noNaN: true });

  test("has tails that sum to 1 and mirror each other", () => {
    fc.assert(
      fc.property(inside, size, size, (x, a, b) => {
        const tails = logIncompleteBeta(x, a, b);
        expect(Math.exp(tails.logLower) + Math.exp(tails.logUpper)).toBeCloseTo(1, 12);
        const mirrored = logIncompleteBeta(1 - x, b, a);
        expect(mirrored.logUpper).toBeCloseTo(tails.logLower, 6);
      }),
    );
  });
});

describe("logOneMinusExp", () => {
  test.each([
    [0, -Infinity],
    [-1e-20, Math.log(1e-20)],
    [-50, -Math.exp(-50)],
    [-Infinity, 0],
  ])("of %d", (y, expected) => {
    expect(logOneMinusExp(y)).toBeCloseTo(expected, 12);
  });
});
