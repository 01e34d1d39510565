import fc from "fast-check";
import { expect, test } from "vitest";
import { smallestInteger } from "./smallest-integer.ts";

test("finds where a claim begins to hold, in few steps", () => {
  const range = fc
    .integer({ min: -50, max: 1_000_000 })
    .chain((low) => fc.tuple(fc.constant(low), fc.integer({ min: 1, max: 1_000_000 })));
  fc.assert(
    fc.property(range, fc.double({ min: 0, max: 1, noNaN: true }), ([low, width], share) => {
      const first = low + 1 + Math.floor(share * (width - 1));
      let asked = 0;
      const found = smallestInteger(low, low + width, (candidate) => {
        asked += 1;
        return candidate >= first;
      });
      expect(found).toBe(first);
      expect(asked).toBeLessThanOrEqual(21);
    }),
  );
});

test("takes the end of the range when the claim holds nowhere before", () => {
  expect(smallestInteger(3, 9, () => false)).toBe(9);
  expect(smallestInteger(3, 4, () => true)).toBe(4);
});
