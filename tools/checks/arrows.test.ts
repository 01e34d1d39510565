import { describe, expect, test } from "vitest";
import type { Room } from "../architecture.ts";
import { findWrongArrows } from "./arrows.ts";

const table: readonly Room[] = [
  { name: "support", holds: "", mayImport: [] },
  { name: "cascade", holds: "", mayImport: [{ room: "support", extent: "all" }] },
  { name: "providers", holds: "", mayImport: [] },
  { name: "ledger", holds: "", mayImport: [{ room: "cascade", extent: "types" }] },
  {
    name: "router",
    holds: "",
    mayImport: [
      { room: "ledger", extent: "contract" },
      { room: "providers", extent: "contract" },
    ],
  },
];

function messagesFor(path: string, text: string): readonly string[] {
  return findWrongArrows([{ path, text }], table).map(({ message }) => message);
}

describe("wrong arrows", () => {
  const allowed: readonly [string, string][] = [
    ["src/cascade/a.ts", `import { b } from "../support/b.ts";`],
    ["src/cascade/a.ts", `import { b } from "./b.ts";`],
    ["src/ledger/a.ts", `import type { B } from "../cascade/b.ts";`],
    ["src/ledger/a.ts", `export type { B } from "../cascade/b.ts";`],
    ["src/ledger/a.ts", `type B = import("../cascade/b.ts").B;`],
    ["src/router/a.ts", `import { b } from "../ledger/ledger.ts";`],
    ["src/router/a.ts", `import { b } from "../ledger/records/grade.ts";`],
    ["src/router/a.test.ts", `import { b } from "../providers/simulated/b.ts";`],
    ["src/router/a.test.ts", `import { b } from "../../test/fixtures.ts";`],
    ["src/ledger/a.test.ts", `import { b } from "../cascade/b.ts";`],
    ["src/index.ts", `export { b } from "./cascade/b.ts";`],
    ["src/cascade/a.ts", `import { join } from "node:path";`],
  ];
  test.each(allowed)("lets %s say %s", (path, text) => {
    expect(messagesFor(path, text)).toEqual([]);
  });

  const wrong: readonly [string, string, string][] = [
    ["src/support/a.ts", `import { b } from "../cascade/b.ts";`, "support may not import cascade"],
    ["src/support/a.ts", `import type { B } from "../cascade/b.ts";`, "support may not import"],
    ["src/support/a.test.ts", `import { b } from "../cascade/b.ts";`, "support may not import"],
    ["src/support/a.ts", `export * from "../cascade/b.ts";`, "support may not import cascade"],
    ["src/support/a.ts", `await import("../cascade/b.ts");`, "support may not import cascade"],
    ["src/ledger/a.ts", `import { b } from "../cascade/b.ts";`, "only types of cascade"],
    ["src/ledger/a.ts", `import { type B } from "../cascade/b.ts";`, "only types of cascade"],
    [
      "src/router/a.ts",
      `import { b } from "../ledger/sqlite/b.ts";`,
      "only the contract of ledger",
    ],
    [
      "src/router/a.ts",
      `new Worker(new URL("../ledger/sqlite/worker.ts", import.meta.url));`,
      "only the contract of ledger",
    ],
    ["src/router/a.ts", `import type { B } from "../providers/x/b.ts";`, "only the contract"],
    ["src/cascade/a.ts", `import { b } from "../index.ts";`, "the public door"],
    ["src/cascade/a.ts", `import { b } from "../../test/b.ts";`, "outside src/"],
    ["src/cascade/a.ts", `import { b } from "../attic/b.ts";`, "no known room"],
    ["src/attic/a.ts", "", "does not know"],
    ["src/stray.ts", "", "only the doors"],
  ];
  test.each(wrong)("does not let %s say %s", (path, text, message) => {
    expect(messagesFor(path, text)).toEqual([expect.stringContaining(message)]);
  });
});
