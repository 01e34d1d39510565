import { describe, expect, test } from "vitest";
import { DOORS, PACKAGE_ROOMS, renderRoomTable, ROOMS } from "./architecture.ts";
import { findWrongArrows } from "./checks/arrows.ts";
import { findBannedCalls } from "./checks/banned-calls.ts";
import { findOverBudget } from "./checks/budgets.ts";
import { describeFinding, isTestFile, type Finding } from "./checks/code-file.ts";
import { findCycles, roomGraph, valueImportGraph } from "./checks/cycles.ts";
import { findBrokenImports, findDeadFiles } from "./checks/dead-files.ts";
import { findBadFileNames, findBadStyle } from "./checks/house-style.ts";
import { findWrongPackages } from "./checks/packages.ts";
import { findImpurities } from "./checks/purity.ts";
import { exists, readFiles, readManifest, readText } from "./checkout.ts";
import { withSection } from "./docs/generated-sections.ts";

const source = readFiles("src", [".ts"]);
const everything = [
  ...source,
  ...["test", "tools", "bench", "examples"].flatMap((folder) => readFiles(folder, [".ts"])),
];
const scripts = Object.values(readManifest().scripts);
const production = source.filter(({ path }) => !isTestFile(path));

describe("the code in this checkout", () => {
  const checks: readonly [string, () => readonly Finding[]][] = [
    ["imports only what the room table allows", () => findWrongArrows(source)],
    ["imports packages only in the rooms that own them", () => findWrongPackages(source)],
    ["imports files that exist", () => findBrokenImports(everything, exists)],
    ["keeps files and functions within their budgets", () => findOverBudget(everything)],
    ["keeps effects in the rooms that own them", () => findBannedCalls(source)],
    ["keeps the pure rooms pure", () => findImpurities(source)],
    ["names files after what they hold", () => findBadFileNames(everything)],
    ["does without banned syntax and comments", () => findBadStyle(everything)],
    ["publishes nothing that only tests use", () => findDeadFiles(production, isEntryPoint)],
    ["has no dead tests, tools or fixtures", () => findDeadFiles(everything, isStarted)],
  ];

  test.each(checks)("%s", (_name, check) => {
    expect(check().map(describeFinding)).toEqual([]);
  });

  test("has no import cycles", () => {
    expect(findCycles(valueImportGraph(everything))).toEqual([]);
  });

  test("has no cycles between rooms, not even of types", () => {
    expect(findCycles(roomGraph(source))).toEqual([]);
  });
});

describe("the room table", () => {
  test("names only rooms it knows, and no cycle", () => {
    const names = ROOMS.map(({ name }) => name);
    const arrows = new Map(
      ROOMS.map((room) => [room.name, new Set(room.mayImport.map((arrow) => arrow.room))]),
    );
    expect([...arrows.values()].flatMap((targets) => [...targets])).toSatisfy(
      (targets: readonly string[]) => targets.every((target) => names.includes(target)),
    );
    expect(findCycles(arrows)).toEqual([]);
  });

  test("is printed in ARCHITECTURE.md as it is", () => {
    const page = readText("ARCHITECTURE.md");
    expect(withSection(page, "rooms", renderRoomTable())).toBe(page);
  });

  test("knows every run-time dependency", () => {
    expect(Object.keys(PACKAGE_ROOMS).sort()).toEqual(
      Object.keys({ ...readManifest().dependencies, ...readManifest().peerDependencies }).sort(),
    );
  });
});

/** What users start or import. */
function isEntryPoint(path: string): boolean {
  return path === "src/cli/main.ts" || DOORS.includes(path.slice("src/".length));
}

/** What is started by itself: entry points, tests, examples, benches and what scripts name. */
function isStarted(path: string): boolean {
  if (isEntryPoint(path) || /^(examples|bench)\//.test(path)) return true;
  return /\.(test|live|config)\.ts$/.test(path) || scripts.some((line) => line.includes(path));
}
