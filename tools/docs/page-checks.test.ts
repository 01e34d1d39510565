import { describe, expect, test } from "vitest";
import { findBrokenLinks, findMissingScripts, findUncheckedFences } from "./page-checks.ts";

const exists = (path: string): boolean => ["README.md", "docs/a.md", "src/x.ts"].includes(path);

function messages(findings: readonly { readonly message: string }[]): readonly string[] {
  return findings.map(({ message }) => message);
}

describe("pages", () => {
  test("link to what is there", () => {
    const pages = [
      { path: "README.md", text: "[a](docs/a.md#part) [b](https://example.com/x) [c](src/x.ts)" },
      { path: "docs/a.md", text: "# Part\n[up](../README.md) [here](#part)" },
    ];
    expect(findBrokenLinks(pages, exists)).toEqual([]);
    const broken = { path: "docs/a.md", text: "# Part\n[a](../gone.md) [b](#gone) [c](x.ts)" };
    expect(messages(findBrokenLinks([broken], exists))).toEqual([
      "links to missing gone.md",
      "links to missing #gone",
      "links to missing docs/x.ts",
    ]);
  });

  test("name scripts that exist", () => {
    const text = "`npm test`, `npm run check`, npm run docs:gone, npm ci, npm start";
    const findings = findMissingScripts([{ path: "README.md", text }], ["test", "check"]);
    expect(messages(findings)).toEqual([
      `names missing script "docs:gone"`,
      `names missing script "start"`,
    ]);
  });

  const fences: readonly [string, string, readonly string[]][] = [
    ["sh run", "anything", []],
    ["sh ci", "npm ci && npm test # all of it", []],
    ["sh ci", "npm ci\nnpm run demo", [`.ci/run does not run "npm run demo"`]],
    ["sh", "npm ci", [expect.stringContaining(`"sh" should be one of`)]],
    ["ts", "f();", [expect.stringContaining(`"ts" should be one of`)]],
    ["yaml", "a: 1", []],
    ["", "plain", []],
  ];
  test.each(fences)("say how a block of %s is kept true: %s", (info, code, expected) => {
    const text = `\`\`\`${info}\n${code}\n\`\`\``;
    const findings = findUncheckedFences([{ path: "README.md", text }], ["npm ci", "npm test"]);
    expect(messages(findings)).toEqual(expected);
  });
});
