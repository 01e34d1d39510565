import { describe, expect, test } from "vitest";
import { VERDICT_TEXTS } from "./verdict-texts.fixture.ts";
import { createVerdictReader } from "./verdict-reader.ts";
import type { VerdictReader, VerdictState } from "./verdict.ts";

function envelopeReader(maxHeldChars?: number): VerdictReader {
  return createVerdictReader({
    confidenceField: "confidence",
    answerField: "answer",
    ...(maxHeldChars !== undefined && { maxHeldChars }),
  });
}

function fieldReader(): VerdictReader {
  return createVerdictReader({ confidenceField: "confidence", answerField: null });
}

function statesFor(reader: VerdictReader, pieces: readonly string[]): readonly VerdictState[] {
  return [...pieces.map((piece) => reader.push(piece)), reader.end()];
}

describe("a whole verdict", () => {
  test.each(VERDICT_TEXTS)("$name", ({ text, state, answer }) => {
    const reader = envelopeReader();
    reader.push(text);
    expect(reader.end()).toEqual(state);
    expect(reader.state).toEqual(state);
    expect(reader.takeAnswerText()).toBe(answer);
  });
});

describe("a verdict in pieces", () => {
  test("goes through its states one after the other", () => {
    const reader = envelopeReader();
    const kinds = statesFor(reader, ["{", '"confidence":0', ".9", "3", ",", '"answer":"', " ", "A"])
      .map((state) => state.kind)
      .join(" ");
    expect(kinds).toBe(
      "reading reading reading reading confidence confidence confidence answering unusable",
    );
  });

  test("gives the answer as it becomes readable, leading blanks with the first visible one", () => {
    const reader = envelopeReader();
    const taken = ['{"confidence":1,"answer":"\\n', "  ", "Yes", ", \\u00", 'e9t\\u00e9"}'].map(
      (piece) => {
        reader.push(piece);
        return reader.takeAnswerText();
      },
    );
    expect(taken).toEqual(["", "", "\n  Yes", ", ", "été"]);
  });

  test("holds an answer back until the confidence behind it is known", () => {
    const reader = envelopeReader();
    reader.push('{"answer":"Yes, of course","confidence":0.9');
    expect(reader.takeAnswerText()).toBe("");
    reader.push("}");
    expect(reader.takeAnswerText()).toBe("Yes, of course");
  });

  test.each([
    ["raw", ['"\ud83d', '\ude00"}'], ["", "😀"]],
    ["escaped", ['"\\ud83d\\ude', '00"}'], ["", "😀"]],
    ["half raw, half escaped", ['"\ud83d', '\\ude00"}'], ["", "😀"]],
    ["torn for good", ['"\ud83d', 'a"}'], ["", "\ufffda"]],
    ["torn at the end of the answer", ['"\\ud83d', '"}'], ["", "\ufffd"]],
    ["low half alone", ['"\ude00', 'a"}'], ["\ufffd", "a"]],
  ])("never gives half a surrogate pair: %s", (_name, pieces, taken) => {
    const reader = envelopeReader();
    reader.push('{"confidence":1,"answer":');
    const found = pieces.map((piece) => {
      reader.push(piece);
      return reader.takeAnswerText();
    });
    expect(found).toEqual(taken);
  });

  test("what is unusable stays so, whatever follows", () => {
    const reader = envelopeReader();
    const broken = reader.push("Sure! ");
    expect(reader.push('{"confidence":1,"answer":"Yes"}')).toBe(broken);
    expect(reader.end()).toBe(broken);
    expect(reader.takeAnswerText()).toBe("");
  });

  test("a complete verdict stays so, whatever follows", () => {
    const reader = envelopeReader();
    const complete = reader.push('{"confidence":1,"answer":"Yes"}');
    expect(reader.push('{"confidence":0')).toBe(complete);
    expect(reader.end()).toBe(complete);
    expect(reader.takeAnswerText()).toBe("Yes");
  });

  test("the readable part of an answer that breaks off can still be taken", () => {
    const reader = envelopeReader();
    reader.push('{"confidence":1,"answer":"Yes and \u0000');
    expect(reader.end()).toMatchObject({ problem: "verdict_unreadable", answerBegan: true });
    expect(reader.takeAnswerText()).toBe("Yes and ");
    expect(reader.takeAnswerText()).toBe("");
  });
});

describe("text that is held back", () => {
  const UNREADABLE = { kind: "unusable", problem: "verdict_unreadable" };

  test.each([
    ["an answer before its confidence", ['{"answer":"', "12345678", "9"]],
    ["blanks before the answer", ['{"confidence":1,"answer":"', "        ", " "]],
  ])("is limited: %s", (_name, [start = "", fits = "", tooMuch = ""]) => {
    const reader = envelopeReader(8);
    reader.push(start);
    expect(reader.push(fits).kind).not.toBe("unusable");
    expect(reader.push(tooMuch)).toMatchObject(UNREADABLE);
    const whole = envelopeReader(8);
    expect(whole.push(start + fits + tooMuch + 'x"')).toMatchObject(UNREADABLE);
  });

  test("is freed by the first visible character, however much follows in the same piece", () => {
    const reader = envelopeReader(8);
    reader.push('{"confidence":1,"answer":"        x and far more than eight"}');
    expect(reader.end().kind).toBe("complete");
  });

  test("by default up to 8 Mi characters are held", () => {
    const reader = envelopeReader();
    reader.push('{"answer":"');
    const mebi = "x".repeat(1024 * 1024);
    for (let i = 0; i < 8; i += 1) expect(reader.push(mebi).kind).toBe("reading");
    expect(reader.push("x")).toMatchObject(UNREADABLE);
  });

  test("keys, literals and confidences in quotes are limited too", () => {
    const long = "1".repeat(70_000);
    expect(envelopeReader().push(`{"${long}`)).toMatchObject(UNREADABLE);
    expect(envelopeReader().push(`{"extra":${long}`)).toMatchObject(UNREADABLE);
    expect(envelopeReader().push(`{"confidence":"0.${long}`)).toMatchObject({
      problem: "confidence_invalid",
    });
    expect(envelopeReader().push(`{"extra":${"[".repeat(600)}`)).toMatchObject(UNREADABLE);
  });
});

describe("without an answer field", () => {
  test("is answering as soon as the confidence is complete", () => {
    const reader = fieldReader();
    const kinds = statesFor(reader, [
      '{"label":"spam","confidence":0.9',
      ",",
      '"why":{"a":[1]}',
      "}",
    ])
      .map((state) => state.kind)
      .join(" ");
    expect(kinds).toBe("reading answering answering complete complete");
    expect(reader.takeAnswerText()).toBe("");
  });

  test.each([
    ['{"confidence":0.9,"confidence":0.1}', "confidence_invalid", true],
    ['{"confidence":0.9,"label":}', "verdict_unreadable", true],
    ['{"confidence":0.9', "verdict_unreadable", false],
    ['{"label":"spam"}', "confidence_missing", false],
    ['{"inner":{"confidence":0.9}}', "confidence_missing", false],
  ])("%s is %s", (text, problem, answerBegan) => {
    const reader = fieldReader();
    reader.push(text);
    expect(reader.end()).toMatchObject({ kind: "unusable", problem, answerBegan });
  });

  test("a key named answer means nothing", () => {
    const reader = fieldReader();
    reader.push('{"answer":null,"answer":1,"confidence":0.9}');
    expect(reader.end()).toEqual({ kind: "complete", confidence: 0.9 });
  });
});
