import { expect, test } from "vitest";
import { answerForm, answerText, statedField, storedAnswer } from "./answer-text.ts";

const ENVELOPE = '{"confidence":0.93,"answer":"14 days\\nor more"}';

test.each([
  [ENVELOPE, { kind: "envelope" }, "cheap", "14 days\nor more"],
  [ENVELOPE, { kind: "envelope" }, "deep", ENVELOPE],
  ['{"confidence":0.93,"answer":null}', { kind: "envelope" }, "cheap", null],
  ["no verdict at all", { kind: "envelope" }, "cheap", null],
  ['{"label":"a","sure":0.9}', { kind: "field", field: "sure" }, "cheap", '{\n  "label": "a"\n}'],
  ['{"sure":0.2,"label":"a"}', { kind: "field", field: "sure" }, "deep", '{\n  "label": "a"\n}'],
  ['{"sure": 0.2, "label": "a', { kind: "field", field: "sure" }, "deep", '{, "label": "a'],
] as const)("%j by %j at the %s side reads %j", (text, protocol, side, wanted) => {
  expect(answerText(text, answerForm(protocol, side))).toBe(wanted);
});

test("an item from elsewhere may hold a verdict, or plain words", () => {
  const form = { kind: "verdict", isCertain: false } as const;
  expect(answerText(ENVELOPE, form)).toBe("14 days\nor more");
  expect(answerText("14 days", form)).toBe("14 days");
});

test.each([
  ['{"class":"a","sure":0.9}', 0.9, "sure"],
  ['{"class":"a","sure":"0.9"}', 0.9, "sure"],
  ['{"price":0.9,"Confidence":0.9}', 0.9, "Confidence"],
  ['{"price":0.9,"weight":0.9}', 0.9, null],
  ['{"class":"a"}', 0.9, null],
  ['{"sure":0.9}', null, null],
  ["0.9", 0.9, null],
  [ENVELOPE, 0.93, "confidence"],
])("the field of %s that states %d is %s", (text, confidence, field) => {
  expect(statedField(text, confidence)).toBe(field);
});

test("what is no message is no answer", () => {
  for (const text of ["", "null", "[1]", '{"content":"text"}']) {
    expect(storedAnswer(Buffer.from(text))).toBe(null);
  }
  const content = [
    { type: "thinking", thinking: "hm" },
    { type: "text", text: "a" },
    { type: "tool_use", name: "look", input: { q: 1 } },
  ];
  expect(storedAnswer(Buffer.from(JSON.stringify({ content })))).toEqual({
    text: 'a\n[tool_use look] {"q":1}',
  });
});
