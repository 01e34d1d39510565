import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COMPARISONS, type Comparator, type Comparison } from "./comparator.ts";

/** Two answers and what the comparator under test must make of them. */
export type Case = readonly [cheap: string, deep: string, comparison: Comparison];

const PIECES = fc.constantFrom(
  ...["", " ", "42", "-1,000.5", "1e999", "yes", "No.", "ß", "\ud800", '{"a":1}', "[", "null"],
);
const anyAnswer = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(PIECES, { maxLength: 5 }).map((pieces) => pieces.join(" ")),
  fc.json(),
);

/** What every comparator must do, whatever it looks at. */
export function describeComparator(
  name: string,
  make: () => Comparator,
  cases: readonly Case[],
): void {
  describe(`${name} is a comparator`, () => {
    test.each(cases)("%j and %j: %s", async (cheap, deep, comparison) => {
      expect(await make().compare(cheap, deep)).toBe(comparison);
    });

    test("it says one of its words of any two answers, and the same both ways round", () =>
      fc.assert(
        fc.asyncProperty(anyAnswer, anyAnswer, async (one, other) => {
          const comparison = await make().compare(one, other);
          expect(COMPARISONS).toContain(comparison);
          expect(await make().compare(other, one)).toBe(comparison);
        }),
      ));

    test("an answer never differs from itself", () =>
      fc.assert(
        fc.asyncProperty(anyAnswer, async (answer) => {
          expect(await make().compare(answer, answer)).not.toBe("differs");
        }),
      ));

    test("nothing cannot be compared with anything", async () => {
      expect(await make().compare("", "")).toBe("cannot_compare");
      expect(await make().compare("", "42")).toBe("cannot_compare");
    });
  });
}
