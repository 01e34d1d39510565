import { expect, test } from "vitest";
import { mcnemarExact } from "./mcnemar-exact.ts";

test.each([
  [5, 5, 1],
  [20, 8, 0.03569813817739487],
  [3, 12, 0.03515625],
  [12, 3, 0.03515625],
  [0, 0, 1],
  [0, 6, 0.03125],
])("%d one way and %d the other", (harmed, helped, p) => {
  expect(mcnemarExact(harmed, helped)).toBeCloseTo(p, 12);
});
