import { describe, expect, test } from "vitest";
import { findCycles, roomGraph, valueImportGraph, type Graph } from "./cycles.ts";

function graph(arrows: Readonly<Record<string, readonly string[]>>): Graph {
  return new Map(Object.entries(arrows).map(([from, to]) => [from, new Set(to)]));
}

describe("findCycles", () => {
  const cases: readonly [string, Readonly<Record<string, readonly string[]>>, string[][]][] = [
    ["a chain", { a: ["b"], b: ["c"], c: [] }, []],
    ["a diamond", { a: ["b", "c"], b: ["d"], c: ["d"], d: [] }, []],
    ["a pair", { a: ["b"], b: ["a"] }, [["a", "b"]]],
    ["a node that points at itself", { a: ["a"] }, [["a"]]],
    ["a ring behind a chain", { a: ["b"], b: ["c"], c: ["d"], d: ["b"] }, [["b", "c", "d"]]],
    [
      "two rings",
      { a: ["b"], b: ["a", "c"], c: ["d"], d: ["c"] },
      [
        ["c", "d"],
        ["a", "b"],
      ],
    ],
    ["an arrow out of the graph", { a: ["elsewhere"] }, []],
  ];
  test.each(cases)("of %s", (_name, arrows, expected) => {
    expect(findCycles(graph(arrows))).toEqual(expected);
  });
});

describe("graphs of files", () => {
  const files = [
    { path: "src/a/x.ts", text: `import { y } from "../b/y.ts";\nimport { z } from "./z.ts";` },
    { path: "src/b/y.ts", text: `import type { X } from "../a/x.ts";` },
    { path: "src/a/z.ts", text: "" },
  ];

  test("of values leave type-only imports out", () => {
    expect(findCycles(valueImportGraph(files))).toEqual([]);
  });

  test("of rooms count types, but not imports within a room", () => {
    expect(findCycles(roomGraph(files))).toEqual([["a", "b"]]);
    expect(findCycles(roomGraph(files.slice(0, 1)))).toEqual([]);
  });
});
