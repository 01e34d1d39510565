import { expect, test } from "vitest";
import type { CompareChoice } from "../../cascade/grading-choice.ts";
import type { Comparator } from "./comparator.ts";
import { describeComparator } from "./comparator.contract.ts";
import { createComparator } from "./create-comparator.ts";
import { createOwnComparator } from "./own-function.ts";

function of(choice: CompareChoice): () => Comparator {
  return () => {
    const comparator = createComparator(choice);
    if (comparator === null) throw new Error(`${choice.kind} compares by itself`);
    return comparator;
  };
}

describeComparator("exact", of({ kind: "exact" }), [
  ["Paris", "Paris", "same"],
  ["Paris", "paris", "differs"],
  ["Paris", "Paris ", "differs"],
]);

describeComparator("text", of({ kind: "text" }), [
  ["  It is\n Paris. ", "it is PARIS", "same"],
  ["cafe\u0301!", "CAFÉ", "same"],
  ["STRASSE", "straße", "same"],
  ["Paris?!…", "Paris", "same"],
  ["Paris, France", "Paris France", "differs"],
  ["1.5", "15", "differs"],
  ["...", "Paris", "cannot_compare"],
]);

describeComparator("json", of({ kind: "json", fields: null }), [
  ['{"a":1,"b":[1.0]}', '{ "b": [1], "a": 1e0 }', "same"],
  ['```json\n{"a":1}\n```', '{"a":1}', "same"],
  ["[1,2]", "[2,1]", "differs"],
  ['{"a":1}', '{"a":1,"b":2}', "differs"],
  ["It is {a}", '{"a":1}', "cannot_compare"],
  ["[".repeat(90_000) + "]".repeat(90_000), "[]", "cannot_compare"],
]);

describeComparator("json with fields", of({ kind: "json", fields: ["intent", "amount"] }), [
  ['{"intent":"refund","why":"x"}', '{"why":"y","intent":"refund"}', "same"],
  ['{"intent":"refund","amount":1}', '{"intent":"refund","amount":2}', "differs"],
  ['{"intent":"refund","amount":1}', '{"intent":"refund"}', "differs"],
  ['{"intent":{"a":1,"b":2}}', '{"intent":{"b":2,"a":1}}', "same"],
  ['{"why":"x"}', '{"why":"x"}', "cannot_compare"],
  ["[]", "[]", "cannot_compare"],
]);

describeComparator("number", of({ kind: "number", absolute: 0.1, relative: 0.01 }), [
  ["The total is 1,234.50 EUR.", "1234.5", "same"],
  ["1.1", "1.0", "same"],
  ["100", "101", "same"],
  ["100", "102", "differs"],
  ["−5", "-5", "same"],
  ["5", "-5", "differs"],
  ["3 of 4", "3", "cannot_compare"],
  ["3 and once more 3", "3", "same"],
  ["see v2", "2", "cannot_compare"],
  ["none", "2", "cannot_compare"],
]);

describeComparator("number without tolerance", of({ kind: "number", absolute: 0, relative: 0 }), [
  ["0.3", "0.30", "same"],
  ["0.3", "0.3000001", "differs"],
]);

describeComparator("label", of({ kind: "label", labels: ["refund", "no refund", "Order"] }), [
  ["Refund.", "This is a refund, not an order", "same"],
  ["order", "refund", "differs"],
  ["no refund", "refund", "differs"],
  ["reorder", "order", "cannot_compare"],
  ["orders", "order", "cannot_compare"],
]);

describeComparator("own function", () => createOwnComparator(sameLength), [
  ["abc", "xyz", "same"],
  ["abc", "wxyz", "differs"],
]);

/** Nothing is compared with nothing, as of every comparator. */
function sameLength(cheap: string, deep: string): boolean {
  if (cheap === "" || deep === "") throw new Error("nothing there");
  return cheap.length === deep.length;
}

test("an own function that says neither yes nor no has not compared", async () => {
  const comparator = createOwnComparator(() => JSON.parse('"yes"') as boolean);
  expect(await comparator.compare("a", "b")).toBe("cannot_compare");
});

test("where the judge compares, there is no comparator", () => {
  expect(createComparator({ kind: "judge" })).toBeNull();
});
