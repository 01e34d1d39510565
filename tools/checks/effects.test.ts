import { describe, expect, test } from "vitest";
import { findBannedCalls } from "./banned-calls.ts";
import { findWrongPackages } from "./packages.ts";
import { findImpurities } from "./purity.ts";

describe("banned calls", () => {
  const banned: readonly [string, string][] = [
    ["const a = Date.now();", "support"],
    ["const a = globalThis.Date.now();", "support"],
    ["const now = Date.now;", "support"],
    ["const a = new Date();", "support"],
    ["const a = performance.now();", "support"],
    ["const a = Math.random();", "support"],
    [`import { randomUUID } from "node:crypto";`, "support"],
    ["const a = crypto.randomUUID();", "support"],
    [`import { randomBytes as bytes } from "node:crypto";`, "support"],
    ["const a = process.env['HOME'];", "config"],
    [`import { env } from "node:process";`, "config"],
    [`console.log("a");`, "cli"],
    [`globalThis.console.log("a");`, "cli"],
    ["process.exit(1);", "cli"],
    [`process.stdout.write("a");`, "cli"],
  ];
  test.each(banned)("%s is for %s only", (text, owner) => {
    expect(findBannedCalls([{ path: "src/router/a.ts", text }])).not.toEqual([]);
    expect(findBannedCalls([{ path: `src/${owner}/a.ts`, text }])).toEqual([]);
  });

  test("leave alone what only looks alike", () => {
    const text = `
      const a = new Date(0);
      const b = { console: 1, now: clock.now() };
      // Date.now() in a comment, and "Math.random()" in a text
      const c = "process.env";`;
    expect(findBannedCalls([{ path: "src/router/a.ts", text }])).toEqual([]);
  });

  test("let tests read the clock, but not draw lots", () => {
    const clock = { path: "src/router/a.test.ts", text: "const a = Date.now();" };
    const lots = { path: "src/router/a.test.ts", text: "const a = Math.random();" };
    expect(findBannedCalls([clock])).toEqual([]);
    expect(findBannedCalls([lots])).toHaveLength(1);
  });
});

describe("pure rooms", () => {
  const impure: readonly string[] = [
    `import { readFileSync } from "node:fs";`,
    `import { z } from "zod";`,
    "export async function f() {}",
    "await f();",
    "const a = Promise.resolve(1);",
    "setTimeout(f, 1);",
    "const a = fetch(url);",
    "const a = process.pid;",
  ];
  test.each(impure)("have no %s", (text) => {
    expect(findImpurities([{ path: "src/cascade/a.ts", text }])).not.toEqual([]);
    expect(findImpurities([{ path: "src/router/a.ts", text }])).toEqual([]);
  });

  test("may hash, import within the table, and name a field as they like", () => {
    const text = `
      import { createHash } from "node:crypto";
      import { clamp } from "../support/clamp.ts";
      export interface Pending { readonly fetch: number }
      export const a = pending.fetch;`;
    expect(findImpurities([{ path: "src/cascade/a.ts", text }])).toEqual([]);
  });
});

describe("packages", () => {
  const packages = { "sql-text": ["ledger"], "@scope/tool": ["cli"] };

  test("may be imported by the rooms that own them", () => {
    const file = { path: "src/ledger/a.ts", text: `import { sql } from "sql-text/raw";` };
    expect(findWrongPackages([file], packages)).toEqual([]);
  });

  const wrong: readonly [string, string][] = [
    ["sql-text", "router may not import sql-text; it is for ledger"],
    ["@scope/tool/part", "router may not import @scope/tool; it is for cli"],
    ["left-pad", "imports left-pad, which is no run-time dependency in tools/architecture.ts"],
  ];
  test.each(wrong)("such as %s may not be imported elsewhere", (specifier, message) => {
    const file = { path: "src/router/a.ts", text: `import { a } from "${specifier}";` };
    expect(findWrongPackages([file], packages)).toEqual([{ path: file.path, line: 1, message }]);
  });
});
