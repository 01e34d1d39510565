import { describe, expect, test } from "vitest";
import { findBrokenImports, findDeadFiles } from "./dead-files.ts";
import { findBadFileNames, findBadStyle } from "./house-style.ts";

describe("house style", () => {
  const bad: readonly [string, string][] = [
    ["enum Color { Red }", "no enums"],
    ["let a: any;", "no `any`"],
    ["const a = b as any;", "no `any`"],
    ["const a = b!.c;", "no non-null"],
    ["export default 1;", "no default exports"],
    ["export default function f() {}", "no default exports"],
    ["export { a as default };", "no default exports"],
    ["// TODO: later", `no "TODO"`],
    ["const a = 1; // FIXME", `no "FIXME"`],
    ["/* eslint-disable no-console */", `no "eslint-disable"`],
    ["function f() {\n  // @ts-ignore\n  return a;\n}", `no "@ts-ignore"`],
    ["f(a, /* XXX */ b);", `no "XXX"`],
    ["function f() {\n  // TODO\n}", `no "TODO"`],
  ];
  test.each(bad)("does without %s", (text, message) => {
    const findings = findBadStyle([{ path: "src/a.ts", text }]);
    expect(findings.map((one) => one.message)).toEqual([expect.stringContaining(message)]);
  });

  test("does not read texts as comments, nor a switch as an export", () => {
    const text = `
      const a = "// TODO";
      const b = \`/* FIXME \${a} */\`;
      const c = /\\/\\/ XXX/;
      switch (a) { default: b(); }`;
    expect(findBadStyle([{ path: "src/a.ts", text }])).toEqual([]);
  });

  test("lets a test of types expect an error, and a config file export by default", () => {
    const expectation = {
      path: "src/a.test.ts",
      text: "// @ts-expect-error must be a number\nf();",
    };
    const config = { path: "vitest.config.ts", text: "export default {};" };
    expect(findBadStyle([expectation, config])).toEqual([]);
    expect(findBadStyle([{ ...expectation, path: "src/a.ts" }])).toHaveLength(1);
  });
});

describe("file names", () => {
  test.each([
    "src/a/read-body.ts",
    "src/a/read-body.test.ts",
    "src/a/b.property.test.ts",
    "src/a/prices.generated.ts",
    "src/a/fake-clock.fixture.ts",
  ])("such as %s are good", (path) => {
    expect(findBadFileNames([{ path, text: "" }])).toEqual([]);
  });

  test.each([
    ...["src/a/utils.ts", "src/a/string-helpers.ts", "src/a/types.ts", "src/common/a.ts"],
    ...["src/a/session-manager.ts", "src/a/readBody.ts", "src/a/Read.ts", "src/a/a_b.ts"],
  ])("such as %s are not", (path) => {
    expect(findBadFileNames([{ path, text: "" }])).toHaveLength(1);
  });
});

describe("dead files", () => {
  const files = [
    {
      path: "src/main.ts",
      text: `import { a } from "./a.ts"; const w = new URL("./w.ts", import.meta.url);`,
    },
    { path: "src/a.ts", text: `import type { B } from "./b.ts";` },
    { path: "src/b.ts", text: "" },
    { path: "src/w.ts", text: `export * from "./a.ts";` },
    { path: "src/dead.ts", text: `import { a } from "./a.ts";` },
  ];

  test("are those that no root leads to", () => {
    const dead = findDeadFiles(files, (path) => path === "src/main.ts");
    expect(dead.map(({ path }) => path)).toEqual(["src/dead.ts"]);
  });

  test("are the opposite of imports that lead nowhere", () => {
    const broken = findBrokenImports(files, (path) => path !== "src/b.ts");
    expect(broken.map(({ message }) => message)).toEqual([
      "imports src/b.ts, which does not exist",
    ]);
  });
});
