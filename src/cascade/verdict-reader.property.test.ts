import { JSONParser } from "@streamparser/json";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, type TriageDecision, type TriageEnd } from "./decide.ts";
import { createVerdictReader } from "./verdict-reader.ts";
import { VERDICT_TEXTS } from "./verdict-texts.fixture.ts";
import type { VerdictProblem, VerdictState } from "./verdict.ts";

const THRESHOLDS = [0, 0.5, 0.9, 0.93, 1, 1.01];

const ENDS: readonly TriageEnd[] = [
  { kind: "stopped", stopReason: "end_turn" },
  { kind: "stopped", stopReason: "max_tokens" },
  { kind: "connection" },
];

interface Outcome {
  readonly state: VerdictState;
  readonly answer: string;
  /** First decision that is not to wait, by threshold and end. */
  readonly decisions: readonly TriageDecision[];
}

function outcomeOf(pieces: readonly string[], answerField: string | null): Outcome {
  const reader = createVerdictReader({ confidenceField: "confidence", answerField });
  const cases = THRESHOLDS.flatMap((threshold) => ENDS.map((end) => ({ threshold, end })));
  const decisions: TriageDecision[] = cases.map(() => ({ kind: "wait" }));
  let answer = "";
  for (const piece of pieces) {
    const verdict = reader.push(piece);
    answer += reader.takeAnswerText();
    cases.forEach(({ threshold }, index) => {
      if (decisions[index]?.kind !== "wait") return;
      decisions[index] = decide({ verdict, threshold, end: null });
    });
  }
  const verdict = reader.end();
  answer += reader.takeAnswerText();
  cases.forEach(({ threshold, end }, index) => {
    if (decisions[index]?.kind === "wait") decisions[index] = decide({ verdict, threshold, end });
  });
  return { state: reader.state, answer, decisions };
}

function cutAt(text: string, cuts: readonly number[]): readonly string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [...places, text.length].map((place, index) => text.slice(places[index - 1] ?? 0, place));
}

const cuts = fc.array(fc.nat(), { maxLength: 12 });
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const anyText = fc.string({ unit: "binary", maxLength: 40 });

/** Members in any order, their values often such as they should be. */
const members = fc
  .uniqueArray(
    fc.oneof(
      fc.tuple(fc.constant("confidence"), fc.oneof(unit, fc.jsonValue())),
      fc.tuple(fc.constant("answer"), fc.oneof(anyText, fc.jsonValue())),
      fc.tuple(fc.string({ maxLength: 6 }), fc.jsonValue({ maxDepth: 3 })),
    ),
    { selector: ([key]) => key, maxLength: 5 },
  )
  .map((entries) => Object.fromEntries(entries));

const layout = fc.constantFrom(undefined, 1, "\t");

/** JSON text of which at most one character was lost, doubled or changed. */
const bruisedText = fc
  .tuple(members, layout, fc.nat(), fc.constantFrom("", "x", '"', "\\", "{", "}", "1", ","))
  .map(([value, indent, place, character]) => {
    const text = JSON.stringify(value, null, indent);
    const at = place % (text.length + 1);
    return text.slice(0, at) + character + text.slice(at + 1);
  });

describe("any way to cut a verdict gives the same state, answer and decisions", () => {
  test.each(VERDICT_TEXTS)("$name", ({ text }) => {
    for (const answerField of ["answer", null]) {
      const whole = outcomeOf([text], answerField);
      expect(outcomeOf(text.split(""), answerField)).toEqual(whole);
      for (let at = 0; at <= text.length; at += 1) {
        expect(outcomeOf([text.slice(0, at), text.slice(at)], answerField)).toEqual(whole);
      }
    }
  });

  test.each([
    [
      "JSON",
      fc.tuple(members, layout).map(([value, indent]) => JSON.stringify(value, null, indent)),
    ],
    ["bruised JSON", bruisedText],
    ["anything", anyText.map((text) => `{"confidence":0.9,"answer":${text}`)],
  ])("%s", (_name, texts) => {
    fc.assert(
      fc.property(texts, cuts, fc.constantFrom("answer", null), (text, places, answerField) => {
        const whole = outcomeOf([text], answerField);
        expect(outcomeOf(cutAt(text, places), answerField)).toEqual(whole);
        expect(outcomeOf(text.split(""), answerField)).toEqual(whole);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** What reading a verdict must come to, told from its parsed value. */
function expectedState(value: Readonly<Record<string, unknown>>): VerdictState {
  const broken = (problem: VerdictProblem, confidence: number | null): VerdictState => ({
    kind: "unusable",
    problem,
    confidence,
    answerBegan: false,
  });
  if (!Object.hasOwn(value, "confidence")) return broken("confidence_missing", null);
  const confidence = confidenceOf(value["confidence"]);
  if (confidence === null) return broken("confidence_invalid", null);
  const answer = value["answer"];
  if (answer === undefined) return broken("answer_missing", confidence);
  if (answer === null) return broken("null_answer", confidence);
  if (typeof answer !== "string") return broken("answer_not_string", confidence);
  const isBlank = /^[\s\p{Cc}\p{Cf}]*$/u.test(withoutAstral(answer));
  return isBlank ? broken("blank_answer", confidence) : { kind: "complete", confidence };
}

/** Invisible marks beyond the first plane count as visible: they are read in halves. */
function withoutAstral(text: string): string {
  return text.replace(/[\u{10000}-\u{10ffff}]/gu, "x");
}

function confidenceOf(value: unknown): number | null {
  if (typeof value === "number") return value >= 0 && value <= 1 ? value + 0 : null;
  if (typeof value !== "string" || value !== value.trim()) return null;
  const parsed = parseOrNull(value);
  return typeof parsed === "number" ? confidenceOf(parsed) : null;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

describe("against other readers of JSON", () => {
  test("a well-formed verdict is read as JSON.parse reads it", () => {
    fc.assert(
      fc.property(members, layout, cuts, (value, indent, places) => {
        const text = JSON.stringify(value, null, indent);
        const parsed = JSON.parse(text) as Record<string, unknown>;
        const { state, answer } = outcomeOf(cutAt(text, places), "answer");
        expect(state).toEqual(expectedState(parsed));
        expect(answer).toBe(
          state.kind === "complete" ? String(parsed["answer"]).toWellFormed() : "",
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test("nothing is complete that does not begin with a JSON object", () => {
    fc.assert(
      fc.property(bruisedText, (text) => {
        if (outcomeOf([text], "answer").state.kind !== "complete") return;
        const ends = [...text.matchAll(/\}/g)].map(({ index }) => index + 1);
        const prefixes = ends.map((end) => text.slice(0, end).replaceAll("\t", " "));
        expect(prefixes.some((prefix) => parseOrNull(prefix) !== null)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  test("a streaming parser finds the same answer", () => {
    const wellFormed = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(unit, wellFormed, cuts, (confidence, text, places) => {
        const verdict = JSON.stringify({ confidence, answer: `.${text}` });
        const pieces = cutAt(verdict, places).map((piece) => piece.toWellFormed());
        const found: unknown[] = [];
        const parser = new JSONParser({ paths: ["$.answer"] });
        parser.onValue = ({ value }) => found.push(value);
        const isTorn = pieces.join("") !== verdict;
        for (const piece of isTorn ? [verdict] : pieces) parser.write(piece);
        expect(found).toEqual([outcomeOf(cutAt(verdict, places), "answer").answer]);
      }),
      { numRuns: 300 },
    );
  });
});
