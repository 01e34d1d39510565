import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logBeta, logGamma, stirlingError } from "./log-gamma.ts";

describe("logGamma", () => {
  test("is the logarithm of the factorial at whole numbers", () => {
    let logFactorial = 0;
    for (let n = 1; n <= 150; n += 1) {
      expect(Math.abs(logGamma(n) - logFactorial)).toBeLessThan(1e-14 * Math.max(1, logFactorial));
      logFactorial += Math.log(n);
    }
  });

  test("knows Γ(1/2) = √π and what follows from it", () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 14);
    expect(logGamma(2.5)).toBeCloseTo(Math.log((3 * Math.sqrt(Math.PI)) / 4), 14);
  });
});

describe("stirlingError", () => {
  test("does not jump where the series takes over", () => {
    expect(stirlingError(16 - 1e-9)).toBeCloseTo(stirlingError(16), 11);
    expect(stirlingError(1)).toBeCloseTo(1 - Math.log(2 * Math.PI) / 2, 14);
  });
});

describe("logBeta", () => {
  test.each([
    [1, 1, 0],
    [0.5, 0.5, Math.log(Math.PI)],
    [1, 1e6, -Math.log(1e6)],
    [2, 17, -Math.log(17 * 18)],
    [3, 1e6, Math.log(2 / (1e6 * 1_000_001 * 1_000_002))],
  ])("of %d and %d", (a, b, expected) => {
    expect(logBeta(a, b)).toBeCloseTo(expected, 12);
  });

  test("is symmetric and follows B(a+1, b) = B(a, b)·a/(a+b)", () => {
    const size = fc.double({ min: 0.5, max: 100_000, noNaN: true });
    fc.assert(
      fc.property(size, size, (a, b) => {
        expect(logBeta(a, b)).toBe(logBeta(b, a));
        const step = logBeta(a + 1, b) - logBeta(a, b);
        expect(Math.abs(step - Math.log(a / (a + b)))).toBeLessThan(1e-9);
      }),
    );
  });
});
