/** After a failed run of all tests: runs those files once more whose process V8 has aborted. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { crashedTestFiles, type TestReport } from "./crashed-test-files.ts";

const REPORT = ".tmp/tests.json";
const readReport = (): TestReport => JSON.parse(readFileSync(REPORT, "utf8")) as TestReport;

const first = readReport();
const files = crashedTestFiles(first);
process.exitCode = 1;
if (files.length > 0) {
  console.log(`\nThe engine aborted the process of ${files.join(", ")}. Once more:`);
  const args = ["node_modules/vitest/vitest.mjs", "run", ...files];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  const again = readReport();
  const numPassedTests = first.numPassedTests + again.numPassedTests;
  writeFileSync(REPORT, JSON.stringify({ ...again, numPassedTests }));
  process.exitCode = status ?? 1;
}
