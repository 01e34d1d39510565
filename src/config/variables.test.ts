import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { replaceVariables } from "./variables.ts";

describe("replaceVariables", () => {
  test.each([
    ["plain", "plain"],
    ["${A}", "1"],
    ["a${A}b${A}c", "a1b1c"],
    ["${A:-2}", "1"],
    ["${NONE:-2}", "2"],
    ["${NONE:-}", ""],
    ["${EMPTY:-2}", "2"],
    ["${EMPTY}", ""],
    ["$${A}", "${A}"],
    ["$A $", "$A $"],
    // What a variable holds is not looked through again.
    ["${NESTED}", "${A}"],
    ["${NONE:-${A}", "${A"],
  ])("%s becomes %s", (text, expected) => {
    const environment = { A: "1", EMPTY: "", NESTED: "${A}" };
    expect(replaceVariables(text, environment).text).toBe(expected);
  });

  test("names what it used and what it missed", () => {
    expect(replaceVariables("${A}${B}${C:-c}${A}", { A: "1" })).toEqual({
      text: "1c1",
      variables: ["A", "A"],
      unset: ["B"],
      isMalformed: false,
    });
  });

  test.each(["${}", "${1}", "${A", "${A-b}", "${ A }"])("%s is malformed", (text) => {
    expect(replaceVariables(text, { A: "1" }).isMalformed).toBe(true);
  });

  test("names of the language are no variables", () => {
    expect(replaceVariables("${toString}", {}).unset).toEqual(["toString"]);
  });

  test("escaped text reads back as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("$", "{", "}", "A", ":", "-") }), (text) => {
        const escaped = text.replaceAll("${", () => "$${");
        return replaceVariables(escaped, {}).text === text;
      }),
    );
  });
});
