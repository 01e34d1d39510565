import { expect, test } from "vitest";
import { exampleAttempt, exampleRecord } from "../cascade/examples.fixture.ts";
import type { RequestRecord } from "../cascade/receipt.ts";
import { decisionSentence } from "./decision-sentence.ts";

const deep = exampleAttempt({ index: 1, role: "answer", tier: 1, model: "claude-opus-4-7" });
const climbed = [exampleAttempt(), deep];

const CASES: readonly (readonly [Partial<RequestRecord>, string])[] = [
  [{}, "0.93 ≥ 0.80 → the answer of claude-haiku-4-5 shipped"],
  [
    { decision: "escalated", reason: "low_confidence", confidence: 0.64, attempts: climbed },
    "0.64 < 0.80 → escalated to claude-opus-4-7 (low_confidence)",
  ],
  [
    { decision: "escalated", reason: "null_answer", confidence: 0.9, attempts: climbed },
    "0.90 ≥ 0.80, but no usable answer → escalated to claude-opus-4-7 (null_answer)",
  ],
  [
    { decision: "escalated", reason: "triage_timeout", confidence: null, attempts: climbed },
    "no confidence, but no usable answer → escalated to claude-opus-4-7 (triage_timeout)",
  ],
  [
    { decision: "bypassed", reason: "tools", confidence: null, attempts: [deep] },
    "not eligible for triage (tools) → claude-opus-4-7 answered",
  ],
  [
    {
      decision: "control",
      attempts: [deep],
      draws: [{ purpose: "control", propensity: 0.01, isChosen: true }],
    },
    "drawn as control (probability 0.01) → claude-opus-4-7 answered without triage",
  ],
  [
    {
      decision: "shadowed",
      attempts: [deep, exampleAttempt({ role: "shadow_triage", confidence: 0.5 })],
    },
    "shadow mode → claude-opus-4-7 answered; in the background claude-haiku-4-5 said 0.50 < 0.80",
  ],
  [
    { decision: "passthrough", route: null, attempts: [deep], status: 400 },
    "no route takes this request → passed through to claude-opus-4-7; the client got status 400",
  ],
  [
    { decision: "forwarded", kind: "other", path: "/v1/models", attempts: [] },
    "/v1/models is no message call → passed on, unmetered",
  ],
  [
    { decision: "abandoned", reason: "client_left", status: 499 },
    "the client left before a decision fell",
  ],
];

test.each(CASES)("case %#", (changes, sentence) => {
  expect(decisionSentence(exampleRecord(changes))).toBe(sentence);
});
