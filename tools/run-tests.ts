/** All tests, or those that the arguments name; files whose process the engine has aborted run once more. */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { crashedTestFiles, type TestReport } from "./crashed-test-files.ts";

const REPORT = ".tmp/tests.json";

function runVitest(args: readonly string[]): number {
  rmSync(REPORT, { force: true });
  const argv = ["node_modules/vitest/vitest.mjs", "run", ...args];
  return spawnSync(process.execPath, argv, { stdio: "inherit" }).status ?? 1;
}

/** Null when the run ended before there was one. */
function readReport(): TestReport | null {
  try {
    return JSON.parse(readFileSync(REPORT, "utf8")) as TestReport;
  } catch {
    return null;
  }
}

process.exitCode = runVitest(process.argv.slice(2));
const first = readReport();
const files = process.exitCode === 0 || first === null ? [] : crashedTestFiles(first);
if (first !== null && files.length > 0) {
  console.log(`\nThe engine aborted the process of ${files.join(", ")}. Once more:`);
  process.exitCode = runVitest(files);
  const again = readReport();
  if (again !== null) {
    // `.ci/run` counts from the file.
    const numPassedTests = first.numPassedTests + again.numPassedTests;
    writeFileSync(REPORT, JSON.stringify({ ...again, numPassedTests }));
  }
}
