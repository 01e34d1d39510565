import { expect, test } from "vitest";
import { exampleAttempt, exampleRecord } from "../cascade/examples.fixture.ts";
import type { Attempt, RequestRecord } from "../cascade/receipt.ts";
import { describeReceipt } from "../reports/receipt-report.ts";
import { createPaint } from "./paint.ts";
import { renderReceipt } from "./render-receipt.ts";

const plain = createPaint(false);

const PAIR = {
  requestId: "req_01EXAMPLE",
  route: "support",
  routeVersion: "fedcba9876543210",
  createdAtMs: 0,
  cheap: { attempt: null, missing: "pending", model: null, confidence: 0.64 },
  deep: { attempt: 1, missing: null, model: "claude-opus-4-7", confidence: null },
} as const;

test("an escalated request, with what was cut, edited, drawn and paired", () => {
  const receipt = describeReceipt(escalatedRecord(), PAIR);
  expect(`\n${renderReceipt(receipt, plain)}\n`).toMatchInlineSnapshot(`
    "
      receipt req_01EXAMPLE  SIMULATED
      2026-11-23 14:05:09.120 UTC  route support, live, task faq, streaming

      0.64 < 0.80 → escalated to claude-opus-4-7 (low_confidence)

      call    model         in   out        cost   1st byte   total  end
      triage  haiku-4-5  1,090*    6*   $0.00112*    412 ms  433 ms  aborted
      answer  opus-4-7     887    48   $0.006035     2.10 s  3.31 s  completed
      sum                              $0.007155*            3.75 s

      *         estimated: the call was cut before upstream reported all its tokens
      all-deep  $0.006035 (measured): this request cost 18.6 % more
      call 2    of its input tokens 700 read from the cache
      draws     control no (1 %), band yes (5 %)
      pair      cheap missing (pending), deep there
      prices    catalogue 2026-11-23

      edits of the client's request
        remove temperature for claude-opus-4-7: this model takes no sampling parameters
    "
  `);
});

test("a call without a price is unpriced, never free, and the sum says so", () => {
  const unpriced = exampleAttempt({
    role: "answer",
    model: "some-model",
    costNanoUsd: null,
    priceSource: null,
  });
  const record = exampleRecord({
    decision: "passthrough",
    route: null,
    mode: null,
    attempts: [unpriced],
  });
  expect(`\n${renderReceipt(describeReceipt(record, null), plain)}\n`).toMatchInlineSnapshot(`
    "
      receipt req_1
      2026-11-23 00:00:00.000 UTC  /v1/messages, streaming

      no route takes this request → passed through to some-model

      call    model          in   out       cost   1st byte   total  end
      answer  some-model  1,000   100   unpriced     300 ms  900 ms  completed
      sum                               unpriced             900 ms

      all-deep  not known
      prices    none known
    "
  `);
});

test("no line is wider than a terminal of 80 columns", () => {
  const attempts = ["triage", "answer", "shadow_answer"].map((role, index) =>
    exampleAttempt({
      index,
      role: role === "triage" ? "triage" : role === "answer" ? "answer" : "shadow_answer",
      model: "claude-sonnet-4-6",
      tokens: tokens(198_000, 12_000),
      costNanoUsd: 774_000_000n,
      latencyMs: 12_340,
      failureCode: index === 0 ? "verdict_unreadable" : null,
    }),
  );
  const text = renderReceipt(describeReceipt(exampleRecord({ attempts }), null), plain);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

function tokens(inputTokens: number, outputTokens: number) {
  return {
    inputTokens,
    cacheReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens,
  };
}

function escalatedRecord(): RequestRecord {
  return exampleRecord({
    id: "req_01EXAMPLE",
    startedAtMs: Date.UTC(2026, 10, 23, 14, 5, 9, 120),
    decision: "escalated",
    reason: "low_confidence",
    task: "faq",
    confidence: 0.64,
    tier: 1,
    latencyMs: 3_752,
    attempts: cutTriageAndAnswer(),
    draws: [
      { purpose: "control", propensity: 0.01, isChosen: false },
      { purpose: "grade", propensity: 0, isChosen: false },
      { purpose: "band", propensity: 0.05, isChosen: true },
    ],
    allDeepNanoUsd: 6_035_000n,
    allDeepBasis: "measured",
  });
}

function cutTriageAndAnswer(): readonly Attempt[] {
  const triage = exampleAttempt({
    outcome: "aborted",
    isSimulated: true,
    confidence: 0.64,
    isEstimated: true,
    firstByteMs: 412,
    latencyMs: 433,
    costNanoUsd: 1_120_000n,
    tokens: tokens(1_090, 6),
    priceSource: "catalogue 2026-11-23",
  });
  const answer = exampleAttempt({
    index: 1,
    role: "answer",
    tier: 1,
    isSimulated: true,
    model: "claude-opus-4-7",
    startedAfterMs: 440,
    firstByteMs: 2_100,
    latencyMs: 3_310,
    costNanoUsd: 6_035_000n,
    tokens: { ...tokens(187, 48), cacheReadTokens: 700 },
    priceSource: "catalogue 2026-11-23",
    edits: [
      { op: "remove", member: "temperature", why: "this model takes no sampling parameters" },
    ],
    confidence: null,
    threshold: null,
    promptHash: null,
  });
  return [triage, answer];
}
