import { describe, expect, test } from "vitest";
import type { MessageRequest } from "../messages/message-request.ts";
import { exampleRequest } from "./examples.fixture.ts";
import { inputClasses } from "./input-class.ts";

function classesOf(content: MessageRequest["messages"][number]["content"]): readonly string[] {
  return inputClasses(exampleRequest({ messages: [{ role: "user", content }] }), 10);
}

describe("inputClasses", () => {
  test("a plain question has one class of each kind that always applies", () => {
    expect(inputClasses(exampleRequest(), 30)).toEqual([
      "length:short",
      "turns:single",
      "script:latin",
    ]);
  });

  test.each([
    [0, "length:short"],
    [2_000, "length:short"],
    [2_001, "length:medium"],
    [16_000, "length:medium"],
    [16_001, "length:long"],
    [128_000, "length:long"],
    [128_001, "length:huge"],
  ])("%d bytes of text are %s", (promptTextBytes, name) => {
    expect(inputClasses(exampleRequest(), promptTextBytes)).toContain(name);
  });

  test.each([
    [1, "turns:single"],
    [2, "turns:few"],
    [5, "turns:few"],
    [6, "turns:many"],
  ])("%d messages of the user are %s", (count, name) => {
    const turn = [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello" },
    ] as const;
    const messages = Array.from({ length: count }, () => turn).flat();
    expect(inputClasses(exampleRequest({ messages }), 10)).toContain(name);
  });

  test.each([
    ["Wie heißt die Hauptstadt Österreichs?", "latin"],
    ["Tiếng Việt có dấu", "latin"],
    ["Какая столица Франции?", "cyrillic"],
    ["Ποια είναι η πρωτεύουσα;", "greek"],
    ["מהי בירת צרפת?", "hebrew"],
    ["ما هي عاصمة فرنسا؟", "arabic"],
    ["फ्रांस की राजधानी क्या है?", "indic"],
    ["เมืองหลวงของฝรั่งเศสคืออะไร", "thai"],
    ["法国的首都是哪里？", "cjk"],
    ["フランスの首都はどこですか", "cjk"],
    ["프랑스의 수도는 어디입니까?", "cjk"],
    ["ქართული ენა", "other"],
    ["Translate: Какая столица", "mixed"],
    ["12 + 30 = ? 😀 «—»", "none"],
    ["", "none"],
  ])("%s is %s", (text, script) => {
    expect(classesOf(text)).toContain(`script:${script}`);
  });

  test("looks at the beginning of the last text of the last user message", () => {
    const blocks = [
      { type: "text", text: "Какая" },
      { type: "text", text: "question" },
      { type: "image", source: {} },
    ];
    expect(classesOf(blocks)).toEqual([
      "length:short",
      "turns:single",
      "script:latin",
      "has:images",
    ]);
    expect(classesOf("a".repeat(2_048) + "я".repeat(50_000))).toContain("script:latin");
  });

  test.each([
    ["Fix this:\n```\nx\n```", true],
    ["function f() { if (a) { b(); } else { c(); } return { d: 1 }; }", true],
    ["Use {name} in the text; then stop.", false],
  ])("%j has code: %s", (text, hasCode) => {
    expect(classesOf(text).includes("has:code")).toBe(hasCode);
  });

  test("names tools where there are some", () => {
    expect(inputClasses(exampleRequest({ tools: [{ name: "search" }] }), 10)).toContain(
      "has:tools",
    );
    expect(inputClasses(exampleRequest({ tools: [] }), 10)).not.toContain("has:tools");
  });

  test("a message without text has no script", () => {
    expect(classesOf([])).toContain("script:none");
    expect(inputClasses(exampleRequest({ messages: [] }), 0)).toContain("script:none");
  });
});
