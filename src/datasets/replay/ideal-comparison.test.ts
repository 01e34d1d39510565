import { describe, expect, test } from "vitest";
import { idealComparison } from "./ideal-comparison.ts";

describe("the text comparison", () => {
  const compare = idealComparison("text");

  test.each([
    ["Billing", ["billing"], "right"],
    ["  billing.\n", ["Billing"], "right"],
    ["Ｂilling", ["billing"], "right"],
    ["new  order", ["New order"], "right"],
    ["Shipping", ["billing", "shipping"], "right"],
    ["42", ["43"], "wrong"],
    ["The answer is 42.", ["42"], "wrong"],
    ["", ["42"], "wrong"],
  ] as const)("%j against %j is %s", (answer, ideals, expected) => {
    expect(compare(answer, ideals)).toBe(expected);
  });

  test.each([
    ["a sentence", ["You may send it back within a month."]],
    ["a long word", ["x".repeat(41)]],
    ["one of them open", ["yes", "You may send it back within a month."]],
    ["none", []],
    ["a blank", [" "]],
  ])("tells nothing of %s, not even of the same text", (_name, ideals) => {
    for (const answer of ["else", ...ideals]) expect(compare(answer, ideals)).toBeNull();
  });
});

test("the exact comparison takes nothing away", () => {
  const compare = idealComparison("exact");
  expect(compare("Billing", ["Billing"])).toBe("right");
  expect(compare("billing", ["Billing"])).toBe("wrong");
});

test("none leaves everything open", () => {
  expect(idealComparison("none")("yes", ["yes"])).toBeNull();
});
