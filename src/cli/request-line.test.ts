import { expect, test } from "vitest";
import { exampleAttempt, exampleRecord } from "../cascade/examples.fixture.ts";
import type { RequestRecord } from "../cascade/receipt.ts";
import { createManualClock } from "../support/clock.ts";
import { createFakeIo } from "./fake-io.fixture.ts";
import { createPaint } from "./paint.ts";
import { createRequestLog } from "./request-log.ts";
import { requestLine } from "./request-line.ts";

const triage = exampleAttempt({
  model: "claude-haiku-4-5-20251001",
  confidence: 0.95,
  threshold: 0.8,
  costNanoUsd: 556_000n,
  isSimulated: false,
});
const low = { ...triage, confidence: 0.6249, isEstimated: true };
const answer = exampleAttempt({
  role: "answer",
  index: 1,
  model: "claude-opus-4-7",
  costNanoUsd: 11_800_000n,
  isSimulated: false,
});
const deep = { model: "claude-opus-4-7", latencyMs: 2_410 } as const;

const lines: readonly [string, Partial<RequestRecord>][] = [
  [
    "✓ shipped · haiku-4-5 0.95 ≥ 0.80 · $0.000556 · 812 ms",
    { decision: "shipped", attempts: [triage], latencyMs: 812 },
  ],
  [
    "▲ escalated · haiku-4-5 0.6249 < 0.80 → opus-4-7 · ≈$0.0124 estimated · 2.41 s",
    { ...deep, decision: "escalated", reason: "low_confidence", attempts: [low, answer] },
  ],
  [
    "▲ escalated · haiku-4-5 → opus-4-7 (triage_timeout) · ≈$0.0124 · 2.41 s",
    {
      ...deep,
      decision: "escalated",
      reason: "triage_timeout",
      attempts: [{ ...triage, confidence: null }, answer],
    },
  ],
  [
    "○ shadowed · opus-4-7 · unpriced · 2.41 s",
    { ...deep, decision: "shadowed", attempts: [{ ...answer, costNanoUsd: null }] },
  ],
  [
    "→ bypassed · opus-4-7 (tool_result) · $0.0118 · 2.41 s · SIMULATED",
    {
      ...deep,
      decision: "bypassed",
      reason: "tool_result",
      attempts: [{ ...answer, isSimulated: true }],
    },
  ],
  [
    "✗ passthrough 529 · opus-4-7 · $0.00 · 2.41 s",
    {
      ...deep,
      decision: "passthrough",
      status: 529,
      model: null,
      attempts: [{ ...answer, costNanoUsd: 0n }],
    },
  ],
  [
    "✗ abandoned 499 · 40 ms",
    { decision: "abandoned", status: 499, model: null, attempts: [], latencyMs: 40 },
  ],
];

test.each(lines)("%s", (line, parts) => {
  const record = exampleRecord({ reason: null, status: 200, ...parts });
  expect(requestLine(record, createPaint(false))).toBe(line);
});

test("colours mark errors and fade what is of no interest, and change no word", () => {
  const failed = exampleRecord({ status: 529 });
  const coloured = requestLine(failed, createPaint(true));
  expect(coloured).toContain("\u001b[31m");
  expect(coloured.replaceAll(/\u001b\[\d+m/g, "")).toBe(requestLine(failed, createPaint(false)));
});

test("after the first twenty lines there is one a second, with how many were left out", () => {
  const fake = createFakeIo({ isInteractive: true });
  const clock = createManualClock();
  const log = createRequestLog(fake.io, clock, false);
  for (let i = 0; i < 25; i += 1) log.requestEnded(exampleRecord({}));
  expect(fake.notes().split("\n")).toHaveLength(20 + 1);
  clock.advance(1_000);
  log.requestEnded(exampleRecord({}));
  expect(fake.notes().split("\n").at(-2)).toMatch(/ \(and 5 more\)$/);
});

test.each([
  { isInteractive: false, isVerbose: false, count: 0 },
  { isInteractive: false, isVerbose: true, count: 30 },
])("with $isInteractive and $isVerbose there are $count lines", (given) => {
  const fake = createFakeIo({ isInteractive: given.isInteractive });
  const log = createRequestLog(fake.io, createManualClock(), given.isVerbose);
  for (let i = 0; i < 30; i += 1) log.requestEnded(exampleRecord({}));
  expect(fake.notes().split("\n").length - 1).toBe(given.count);
});
