import fc from "fast-check";
import { expect, test } from "vitest";
import { holm } from "./holm.ts";

test("proves the first of the example only", () => {
  const pValues = [9.814e-7, 0.21795, 0.02447, 0.27341, 0.40638];
  expect(holm(pValues, 0.05)).toEqual([true, false, false, false, false]);
});

test("each proof makes the next one easier, and the first failure ends it", () => {
  expect(holm([0.01, 0.02, 0.04], 0.05)).toEqual([true, true, true]);
  expect(holm([0.02, 0.02, 0.04], 0.05)).toEqual([false, false, false]);
  expect(holm([], 0.05)).toEqual([]);
});

test("proves what Bonferroni proves", () => {
  const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(pValues, (values) => {
      holm(values, 0.3).forEach((isProven, i) => {
        if ((values[i] ?? 1) <= 0.3 / values.length) expect(isProven).toBe(true);
        if ((values[i] ?? 1) > 0.3) expect(isProven).toBe(false);
      });
    }),
  );
});
