import fc from "fast-check";
import { expect, test } from "vitest";
import { benjaminiHochberg } from "./benjamini-hochberg.ts";
import { holm } from "./holm.ts";

const EXAMPLE = [9.814e-7, 0.21795, 0.02447, 0.27341, 0.40638];

test("lists the first and third of the example at one in ten", () => {
  expect(benjaminiHochberg(EXAMPLE, 0.1)).toEqual([true, false, true, false, false]);
});

test("a value above its own line is carried by a later one below its line", () => {
  // Lines at 0.025, 0.05, 0.075, 0.1: the second is over its line, the third under.
  expect(benjaminiHochberg([0.01, 0.06, 0.07, 0.5], 0.1)).toEqual([true, true, true, false]);
  expect(benjaminiHochberg([], 0.1)).toEqual([]);
});

test("the order of p-values does not matter, and lists all that Holm proves", () => {
  const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });
  fc.assert(
    fc.property(pValues, fc.constantFrom(0.05, 0.1, 0.3), (values, level) => {
      const listed = benjaminiHochberg(values, level);
      expect(benjaminiHochberg(values.toReversed(), level).toReversed()).toEqual(listed);
      holm(values, level).forEach((isProven, i) => {
        if (isProven) expect(listed[i]).toBe(true);
      });
    }),
  );
});
