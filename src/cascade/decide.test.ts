import { describe, expect, test } from "vitest";
import { decide, troubleAtEnd, type TriageEnd } from "./decide.ts";
import { NEVER_SHIP } from "./route.ts";
import { createVerdictReader } from "./verdict-reader.ts";
import type { VerdictState } from "./verdict.ts";

const ENDED: TriageEnd = { kind: "stopped", stopReason: "end_turn" };

/** The word for each decision, in the order of the pieces; the call ends well after the last. */
function decisionsFor(pieces: readonly string[], threshold = 0.8): readonly string[] {
  const reader = createVerdictReader({ confidenceField: "confidence", answerField: "answer" });
  const words = pieces.map((piece) => word(reader.push(piece), threshold, null));
  return [...words, word(reader.end(), threshold, ENDED)];
}

function word(verdict: VerdictState, threshold: number, end: TriageEnd | null): string {
  const decision = decide({ verdict, threshold, end });
  return decision.kind === "escalate" ? decision.reason : decision.kind;
}

describe("decide", () => {
  test.each([
    {
      name: "a sure answer ships with its first character",
      pieces: ['{"confidence":0.9', "3", ',"answer":"', "Y", 'es"}'],
      decisions: ["wait", "wait", "wait", "ship", "ship", "ship"],
    },
    {
      name: "an unsure answer escalates as soon as the number is complete",
      pieces: ['{"confidence":0', ".4", ",", '"answer":"', 'Yes"}'],
      decisions: ["wait", "wait", ...Array<string>(4).fill("low_confidence")],
    },
    {
      name: "a null answer escalates once it is complete, whatever the confidence",
      pieces: ['{"confidence":0.93,"answer":nul', "l", "}"],
      decisions: ["wait", "wait", "null_answer", "null_answer"],
    },
    {
      name: "low confidence is the reason even when the answer is null too",
      pieces: ['{"confidence":0.2,"answer":null}'],
      decisions: ["low_confidence", "low_confidence"],
    },
    {
      name: "trouble after the answer has begun does not take the decision back",
      pieces: ['{"confidence":0.93,"answer":"Yes', '",]'],
      decisions: ["ship", "ship", "ship"],
    },
    {
      name: "in reversed order the confidence is waited for",
      pieces: ['{"answer":"Yes"', ',"confidence":0.93', "}"],
      decisions: ["wait", "wait", "ship", "ship"],
    },
    {
      name: "prose escalates at its first letter",
      pieces: ["Su", "re!"],
      decisions: ["verdict_unreadable", "verdict_unreadable", "verdict_unreadable"],
    },
    {
      name: "a verdict that breaks off before its answer escalates at the end",
      pieces: ['{"confidence":0.93,"ans'],
      decisions: ["wait", "verdict_unreadable"],
    },
    {
      name: "nothing at all escalates at the end",
      pieces: [],
      decisions: ["verdict_unreadable"],
    },
  ])("$name", ({ pieces, decisions }) => {
    expect(decisionsFor(pieces)).toEqual(decisions);
  });

  test.each([
    ["0.8", 0.8, "ship"],
    ["0.80", 0.8, "ship"],
    ["8e-1", 0.8, "ship"],
    ["0.7999999999999999", 0.8, "low_confidence"],
    ["0.3", 0.1 + 0.2, "low_confidence"],
    ["0", 0, "ship"],
    ["-0", 0, "ship"],
    ["1", 1, "ship"],
    ["0.9999999999999999", 1, "low_confidence"],
    ["1", NEVER_SHIP, "low_confidence"],
  ])("confidence %s against %d: %s", (confidence, threshold, decision) => {
    const text = `{"confidence":${confidence},"answer":"Yes"}`;
    expect(decisionsFor([text], threshold)).toEqual([decision, decision]);
  });

  test("a threshold that is no number never ships", () => {
    expect(decisionsFor(['{"confidence":1,"answer":"Yes"}'], Number.NaN)).toEqual([
      "low_confidence",
      "low_confidence",
    ]);
  });

  test("each tier is held against its own threshold", () => {
    const confidences = [0.6, 0.75, 0.9];
    const climb = (thresholds: readonly number[]): readonly string[] =>
      thresholds.map((threshold, tier) => {
        const text = `{"confidence":${String(confidences[tier])},"answer":"Yes"}`;
        return decisionsFor([text], threshold)[0] ?? "";
      });
    expect(climb([0.8, 0.7, 0.95])).toEqual(["low_confidence", "ship", "low_confidence"]);
    expect(climb([0.6, 0.76, 0.9])).toEqual(["ship", "low_confidence", "ship"]);
  });

  const READING: VerdictState = { kind: "reading" };
  const SURE: VerdictState = { kind: "confidence", confidence: 0.93 };
  const UNSURE: VerdictState = { kind: "confidence", confidence: 0.2 };
  const ANSWERING: VerdictState = { kind: "answering", confidence: 0.93 };

  test.each<[string, TriageEnd]>([
    ["triage_http_error", { kind: "http_error" }],
    ["triage_stream_error", { kind: "stream_error" }],
    ["triage_connection", { kind: "connection" }],
    ["triage_timeout", { kind: "timeout" }],
    ["triage_refused", { kind: "stopped", stopReason: "refusal" }],
    ["triage_max_tokens", { kind: "stopped", stopReason: "max_tokens" }],
    ["triage_stopped", { kind: "stopped", stopReason: "tool_use" }],
    ["triage_stopped", { kind: "stopped", stopReason: "pause_turn" }],
    ["triage_stopped", { kind: "stopped", stopReason: null }],
  ])("%s is the reason of %o unless the verdict has spoken before", (reason, end) => {
    expect(word(READING, 0.8, end)).toBe(reason);
    expect(word(SURE, 0.8, end)).toBe(reason);
    expect(word(UNSURE, 0.8, end)).toBe("low_confidence");
    expect(word(ANSWERING, 0.8, end)).toBe("ship");
  });

  test("a verdict cut by its limit is told by the limit, not by the broken JSON", () => {
    const reader = createVerdictReader({ confidenceField: "confidence", answerField: "answer" });
    reader.push('{"confidence":0.9');
    const end: TriageEnd = { kind: "stopped", stopReason: "max_tokens" };
    expect(word(reader.end(), 0.8, end)).toBe("triage_max_tokens");
  });
});

describe("troubleAtEnd", () => {
  const COMPLETE: VerdictState = { kind: "complete", confidence: 0.93 };
  const BROKEN: VerdictState = {
    kind: "unusable",
    problem: "verdict_unreadable",
    confidence: 0.93,
    answerBegan: true,
  };

  test.each<[VerdictState, TriageEnd, string | null]>([
    [COMPLETE, ENDED, null],
    [BROKEN, ENDED, "verdict_unreadable"],
    [{ ...BROKEN, problem: "confidence_invalid" }, ENDED, "confidence_invalid"],
    [{ kind: "answering", confidence: 0.93 }, ENDED, "verdict_unreadable"],
    [BROKEN, { kind: "connection" }, "triage_connection"],
    [BROKEN, { kind: "stopped", stopReason: "max_tokens" }, "triage_max_tokens"],
    [BROKEN, { kind: "stopped", stopReason: "refusal" }, "triage_refused"],
    [COMPLETE, { kind: "stream_error" }, "triage_stream_error"],
  ])("%o after %o: %s", (verdict, end, trouble) => {
    expect(troubleAtEnd(verdict, end)).toBe(trouble);
  });
});
