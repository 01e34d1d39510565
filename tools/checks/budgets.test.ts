import { describe, expect, test } from "vitest";
import { BUDGETS, findOverBudget } from "./budgets.ts";

function lines(count: number): string {
  return "x();\n".repeat(count);
}

function messagesFor(path: string, text: string): readonly string[] {
  return findOverBudget([{ path, text }]).map(({ message }) => message);
}

describe("budgets", () => {
  test("of files are larger for tests and none for generated files", () => {
    expect(messagesFor("src/a.ts", lines(BUDGETS.fileLines))).toEqual([]);
    expect(messagesFor("src/a.ts", lines(301))).toEqual(["has 301 lines; the budget is 300"]);
    expect(messagesFor("src/a.test.ts", lines(301))).toEqual([]);
    expect(messagesFor("src/a.test.ts", lines(501))).toEqual(["has 501 lines; the budget is 500"]);
    expect(messagesFor("src/prices.generated.ts", lines(9_000))).toEqual([]);
  });

  const bodies: readonly [string, string][] = [
    ["a function", `function f() {\n${lines(69)}}`],
    ["a method", `class C {\n  m() {\n${lines(69)}}\n}`],
    ["an arrow", `const f = () => {\n${lines(69)}};`],
    ["a function that holds another", `function f() {\nconst g = () => {\n${lines(67)}};\n}`],
  ];
  test.each(bodies)("of functions hold for %s", (_name, text) => {
    expect(messagesFor("src/a.ts", text)).toEqual([expect.stringContaining("has 71 lines")]);
    expect(messagesFor("src/a.ts", text.replace("x();\n", ""))).toEqual([]);
  });

  test("of factories leave out the functions inside, which have their own", () => {
    const short = `const m = () => {\n${lines(60)}};\n`;
    const long = `const m = () => {\n${lines(70)}};\n`;
    expect(messagesFor("src/a.ts", `function createA() {\n${short}${short}}`)).toEqual([]);
    expect(messagesFor("src/a.ts", `function makeA() {\n${short}${short}}`)).toHaveLength(1);
    expect(messagesFor("src/a.ts", `function createA() {\n${long}}`)).toHaveLength(1);
    expect(messagesFor("src/a.ts", `function createA() {\n${short}${lines(70)}}`)).toEqual([
      "createA has 73 lines; the budget is 70",
    ]);
  });

  test("of functions leave out what registers tests, not what tests do", () => {
    const registrar = `describe.each(rows)("f", () => {\ntest("a", () => {});\n${lines(80)}});`;
    const procedure = `test("a", () => {\n${lines(80)}});`;
    expect(messagesFor("src/a.test.ts", registrar)).toEqual([]);
    expect(messagesFor("src/a.test.ts", procedure)).toEqual([expect.stringContaining("82 lines")]);
    expect(messagesFor("src/a.ts", registrar)).toEqual([expect.stringContaining("83 lines")]);
  });
});
