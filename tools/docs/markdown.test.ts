import { describe, expect, test } from "vitest";
import { anchorsOf, fencesOf, linksOf, tableRowsOf } from "./markdown.ts";

const page = [
  "# A title, with `code` and a dash – here",
  'See [one](./one.md), ![two](two.png "title") and `[three](three.md)`.',
  "```sh run",
  "# not a heading [four](four.md)",
  "echo a",
  "```",
  "| word | file |",
  "|---|:--|",
  "| a | [x](x.ts#part) |",
  "| b | – |",
  "## Second",
].join("\n");

describe("reading Markdown", () => {
  test("finds fences with what they are", () => {
    const code = "# not a heading [four](four.md)\necho a";
    expect(fencesOf(page)).toEqual([{ info: "sh run", code, line: 3 }]);
  });

  test("finds links outside code", () => {
    expect(linksOf(page)).toEqual([
      { target: "./one.md", line: 2 },
      { target: "two.png", line: 2 },
      { target: "x.ts#part", line: 9 },
    ]);
  });

  test("finds anchors", () => {
    expect(anchorsOf(page)).toEqual(["a-title-with-code-and-a-dash--here", "second"]);
  });

  test("finds rows of tables without their header", () => {
    expect(tableRowsOf(page)).toEqual([
      ["a", "[x](x.ts#part)"],
      ["b", "–"],
    ]);
  });
});
