import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findRoot } from "./find-root.ts";

describe("findRoot", () => {
  test("finds where rising and falling functions cross 0, to the last digits", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1, noNaN: true }), (root) => {
        expect(Math.abs(findRoot((x) => x ** 3 - root ** 3, 0, 2) / root - 1)).toBeLessThan(1e-9);
        const falling = findRoot((x) => Math.log(root) - Math.log(x), 0, 2);
        expect(Math.abs(falling / root - 1)).toBeLessThan(1e-14);
      }),
    );
  });

  test("needs few looks at a smooth function", () => {
    let looks = 0;
    findRoot(
      (x) => {
        looks += 1;
        return Math.exp(x) - 2;
      },
      0,
      1,
    );
    expect(looks).toBeLessThan(15);
  });

  test("halves the way where values are infinite", () => {
    expect(findRoot((x) => (x < 0.3 ? -Infinity : Infinity), 0, 1)).toBeCloseTo(0.3, 12);
  });

  test("returns the end nearer to 0 when nothing crosses", () => {
    expect(findRoot((x) => x + 1, 0, 1)).toBe(0);
    expect(findRoot((x) => x - 2, 0, 1)).toBe(1);
    expect(findRoot((x) => x, 0, 1)).toBe(0);
  });
});
