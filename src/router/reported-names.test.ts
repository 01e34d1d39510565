import { expect, test } from "vitest";
import { exampleAttempt } from "../cascade/examples.fixture.ts";
import { createReportedNames } from "./reported-names.ts";

test("the name is what upstream last said, and until then the model's own", () => {
  const names = createReportedNames();
  expect(names.of("claude-opus-4-7")).toBe("claude-opus-4-7");
  for (const reportedModel of ["opus-a", "opus-b", null]) {
    names.note(exampleAttempt({ model: "claude-opus-4-7", reportedModel }));
  }
  expect(names.of("claude-opus-4-7")).toBe("opus-b");
});

test("names that clients make up do not fill the memory", () => {
  const names = createReportedNames();
  for (let index = 0; index < 1_100; index += 1) {
    names.note(exampleAttempt({ model: `model-${String(index)}`, reportedModel: "reported" }));
  }
  expect([names.of("model-0"), names.of("model-1050")]).toEqual(["reported", "model-1050"]);
});
