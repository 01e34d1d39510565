import { expect, test } from "vitest";
import { DATASET_NAME, ROUTE_NAME, unknownName } from "./unknown-name.ts";

test.each([
  [
    ROUTE_NAME,
    ["support", "legal"],
    'route_unknown: There is no route "suport". Did you mean "support"? Routes: support, legal.',
  ],
  [ROUTE_NAME, ["legal"], 'route_unknown: There is no route "suport". Routes: legal.'],
  [
    DATASET_NAME,
    [],
    'dataset_unknown: There is no data set "suport". The ledger holds none: `leadsman import` ' +
      "and `leadsman replay` bring them in.",
  ],
])("%#: names what is nearest and what there is", (kind, names, expected) => {
  const { code, message } = unknownName(kind, "suport", names);
  expect(`${code}: ${message}`).toBe(expected);
});

test("a long list is cut, and the nearest name is looked for in all of it", () => {
  const names = Array.from({ length: 30 }, (_, index) => `week-${String(index)}-support`);
  const { message } = unknownName(DATASET_NAME, "week-29-suport", names);
  expect(message).toContain('Did you mean "week-29-support"? Data sets: week-0-support,');
  expect(message).toMatch(/week-19-support and 10 more\.$/);
});
