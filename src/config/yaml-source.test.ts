import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatProblems } from "./config-problem.ts";
import { FULL_CONFIG, loadText } from "./sample-config.fixture.ts";

function saidAbout(text: string): readonly string[] {
  const result = loadText(text);
  return result.ok
    ? []
    : formatProblems(result.problem).replaceAll("leadsman.yaml:", "").split("\n");
}

describe("YAML that is broken is explained with its place", () => {
  test.each<[string, string, readonly string[]]>([
    ["setting twice", "version: 1\nversion: 1", ["2:1  version is set twice in the same place."]],
    [
      "list with an open end",
      "routes: [a\nserver: {}",
      [expect.stringContaining("not valid YAML")],
    ],
    [
      "variable bare inside braces",
      "server: { token: ${TOKEN} }",
      [expect.stringContaining('Inside { } and [ ], write "${VAR}" in quotes.')],
    ],
    ["unknown tag", "version: !thing 1", ["1:10  This is not valid YAML: Unresolved tag: !thing."]],
    [
      "alias without an anchor",
      "version: *nothing",
      ["1:10  *nothing has no anchor &nothing before it."],
    ],
    [
      "alias inside its own anchor",
      "routes: &a [*a]",
      ["1:13  The file nests values more than 32 deep."],
    ],
    [
      "aliases that multiply",
      "a: &a [1,1,1,1,1,1,1,1,1]\n" +
        ["b", "c", "d", "e", "f", "g"]
          .map((key, i) => `${key}: &${key} [${`*${"abcdef"[i]},`.repeat(9)}]\n`)
          .join(""),
      expect.arrayContaining([expect.stringContaining("The file uses more than 100 aliases.")]),
    ],
    [
      "setting that would reach the prototype",
      "__proto__: { version: 1 }",
      ["1:1  __proto__ cannot be the name of a setting."],
    ],
    [
      "file that is too large",
      `# ${"x".repeat(1024 * 1024)}`,
      ["The file has 1048578 characters; at most 1048576 are read."],
    ],
  ])("%s", (_case, text, said) => {
    const lines = saidAbout(text).map((line) => line.replace(/^leadsman\.yaml {2}/, ""));
    expect(lines.slice(0, 10)).toEqual(said);
  });
});

describe("any text", () => {
  test("gives a configuration or problems, never an exception", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: "binary" }), (text) => {
        const result = loadText(text);
        return result.ok || result.problem.length > 0;
      }),
      { numRuns: 200 },
    );
  });

  test("does so when it is nearly a configuration", () => {
    const lines = FULL_CONFIG.split("\n");
    const piece = fc.oneof(
      fc.constantFrom(...lines),
      fc.constantFrom(
        "&a",
        "*a",
        "<<: *a",
        "? ",
        "- ",
        "!!set",
        "---",
        "\t",
        "${",
        "{",
        "]",
        "'",
        "|",
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.boolean(), (pieces, isOneLine) => {
        const result = loadText(pieces.join(isOneLine ? " " : "\n"));
        return result.ok || result.problem.every(({ sentence }) => sentence !== "");
      }),
      { numRuns: 500 },
    );
  });

  test("is read however deep it nests", () => {
    const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
    expect(saidAbout(deep)[0]).toContain("not valid YAML");
  });
});
