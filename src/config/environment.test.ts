import { expect, test } from "vitest";
import { describeEnvironment, readEnvironment } from "./environment.ts";

test.each([
  [{}, false, false],
  [{ CI: "true", NO_COLOR: "1" }, true, true],
  [{ CI: "1" }, true, false],
  [{ CI: "false", NO_COLOR: "" }, false, false],
  [{ CI: "0" }, false, false],
  [{ CI: "" }, false, false],
])("%j", (variables, isCi, noColor) => {
  expect(describeEnvironment(variables)).toEqual({ variables, isCi, noColor });
});

test("the process's own variables are a copy that nobody can change", () => {
  const { variables } = readEnvironment();
  expect(variables["PATH"]).toBe(process.env["PATH"]);
  expect(Object.isFrozen(variables)).toBe(true);
});
