import { expect, test } from "vitest";
import { crashedTestFiles, type TestReport } from "./crashed-test-files.ts";

function report(
  numFailedTests: number,
  files: Readonly<Record<string, readonly string[]>>,
): TestReport {
  const testResults = Object.entries(files).map(([name, statuses]) => ({
    name,
    assertionResults: statuses.map((status) => ({ status })),
  }));
  return { numPassedTests: 1, numFailedTests, testResults };
}

const CRASHED = ["passed", "pending", "pending"];

test("a file whose process died runs again", () => {
  const found = crashedTestFiles(report(0, { "a.ts": ["passed", "skipped"], "b.ts": CRASHED }));
  expect(found).toEqual(["b.ts"]);
});

test("what failed by itself does not, nor what dies everywhere", () => {
  expect(crashedTestFiles(report(1, { "a.ts": ["failed"], "b.ts": CRASHED }))).toEqual([]);
  expect(crashedTestFiles(report(0, { "a.ts": ["passed"] }))).toEqual([]);
  const many = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, CRASHED]));
  expect(crashedTestFiles(report(0, many))).toEqual([]);
});
