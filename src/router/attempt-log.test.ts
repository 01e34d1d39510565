import { describe, expect, test } from "vitest";
import { createCatalogue } from "../catalogue/catalogue.ts";
import type { TokenCounts } from "../catalogue/cost.ts";
import type { Attempt } from "../cascade/receipt.ts";
import type { Usage } from "../messages/message.ts";
import type { Provider, UpstreamHead } from "../providers/provider.ts";
import { createManualClock } from "../support/clock.ts";
import { OpenAttempt, type AttemptEnd, type AttemptStart } from "./attempt-log.ts";

const CATALOGUE = createCatalogue();
/** Costs 1,000 nano-dollars per token in and 5,000 per token out. */
const MODEL = "claude-haiku-4-5";
/** Of five times that price. */
const DEARER_MODEL = "claude-opus-4-7";

const PROVIDER: Provider = {
  name: "anthropic",
  isSimulated: false,
  send: () => {
    throw new Error("The books send nothing");
  },
  close: () => Promise.resolve(),
};

const START: AttemptStart = {
  role: "triage",
  tier: 0,
  provider: PROVIDER,
  model: MODEL,
  edits: [{ op: "remove", member: "temperature", why: "The model rejects it." }],
  promptHash: "0123456789abcdef",
  promptBytes: 401,
};

const USAGE: Usage = { input_tokens: 100, output_tokens: 20 };

function headOf(status: number, headers: UpstreamHead["headers"] = {}): UpstreamHead {
  return { status, headers };
}

function book(
  end: AttemptEnd,
  head: UpstreamHead | null = headOf(200),
  start: Partial<AttemptStart> = {},
): Attempt {
  const context = { clock: createManualClock(), catalogue: CATALOGUE, arrivedMonotonicMs: 0 };
  const open = new OpenAttempt(0, { ...START, ...start }, context);
  if (head !== null) open.head(head);
  return open.close(end);
}

function tokens(changes: Partial<TokenCounts>): TokenCounts {
  return {
    inputTokens: 0,
    cacheReadTokens: 0,
    cacheWrite5mTokens: 0,
    cacheWrite1hTokens: 0,
    outputTokens: 0,
    ...changes,
  };
}

interface BookingCase {
  readonly name: string;
  readonly end: AttemptEnd;
  readonly head: UpstreamHead | null;
  readonly input: number;
  readonly output: number;
  readonly isEstimated: boolean;
}

const BOOKINGS: readonly BookingCase[] = [
  {
    name: "a complete answer books upstream's counts, whatever its text is long",
    end: { outcome: "completed", usage: USAGE, answerBytes: 4_000 },
    head: headOf(200),
    input: 100,
    output: 20,
    isEstimated: false,
  },
  {
    name: "a complete answer without counts is estimated from prompt and text",
    end: { outcome: "completed", usage: null, answerBytes: 41 },
    head: headOf(200),
    input: 101,
    output: 11,
    isEstimated: true,
  },
  {
    name: "a cut answer books its text when more came than was reported",
    end: { outcome: "aborted", usage: { ...USAGE, output_tokens: 1 }, answerBytes: 41 },
    head: headOf(200),
    input: 100,
    output: 11,
    isEstimated: true,
  },
  {
    name: "a cut answer books the report when that is more than the text",
    end: { outcome: "aborted", usage: USAGE, answerBytes: 41 },
    head: headOf(200),
    input: 100,
    output: 20,
    isEstimated: true,
  },
  {
    name: "a broken answer is a cut one",
    end: { outcome: "stream_error", usage: USAGE, answerBytes: 400 },
    head: headOf(200),
    input: 100,
    output: 100,
    isEstimated: true,
  },
  {
    name: "a client that left before anything came leaves the prompt as the estimate",
    end: { outcome: "client_left" },
    head: null,
    input: 101,
    output: 0,
    isEstimated: true,
  },
  {
    name: "an error status costs exactly nothing",
    end: { outcome: "http_error", failureCode: "overloaded_error" },
    head: headOf(529),
    input: 0,
    output: 0,
    isEstimated: false,
  },
  {
    name: "an error status whose body broke off costs exactly nothing",
    end: { outcome: "failed", failureCode: "connection_lost", answerBytes: 40 },
    head: headOf(400),
    input: 0,
    output: 0,
    isEstimated: false,
  },
  ...["connect_failed", "connect_timeout"].map((failureCode) => ({
    name: `${failureCode} delivered nothing and costs exactly nothing`,
    end: { outcome: "failed" as const, failureCode },
    head: null,
    input: 0,
    output: 0,
    isEstimated: false,
  })),
  ...["first_byte_timeout", "total_timeout", "connection_lost"].map((failureCode) => ({
    name: `${failureCode} may have been delivered, so the prompt is booked`,
    end: { outcome: "failed" as const, failureCode },
    head: null,
    input: 101,
    output: 0,
    isEstimated: true,
  })),
];

describe("tokens and cost of an attempt", () => {
  test.each(BOOKINGS)("$name", ({ end, head, input, output, isEstimated }) => {
    const attempt = book(end, head);
    expect(attempt.tokens).toEqual(tokens({ inputTokens: input, outputTokens: output }));
    expect(attempt.isEstimated).toBe(isEstimated);
    expect(attempt.costNanoUsd).toBe(BigInt(input * 1_000 + output * 5_000));
    expect(attempt.priceSource).toMatch(/^catalogue /);
  });

  test("cached input is booked by its kinds", () => {
    const usage: Usage = {
      ...USAGE,
      cache_read_input_tokens: 7,
      cache_creation_input_tokens: 8,
      cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 5 },
    };
    for (const outcome of ["completed", "aborted"] as const) {
      const attempt = book({ outcome, usage });
      const kinds = { cacheReadTokens: 7, cacheWrite5mTokens: 3, cacheWrite1hTokens: 5 };
      expect(attempt.tokens).toEqual(tokens({ inputTokens: 100, outputTokens: 20, ...kinds }));
    }
  });

  test("a model that nobody knows is unpriced, never free", () => {
    const attempt = book({ outcome: "completed", usage: USAGE }, headOf(200), { model: "nobody" });
    expect(attempt).toMatchObject({ costNanoUsd: null, priceSource: null, isEstimated: false });
    expect(attempt.tokens).toEqual(tokens({ inputTokens: 100, outputTokens: 20 }));
  });

  test("no tokens cost nothing, whether the model has a price or not", () => {
    const attempt = book({ outcome: "http_error" }, headOf(529), { model: "nobody" });
    expect(attempt).toMatchObject({ costNanoUsd: 0n, priceSource: "nothing was billed" });
  });

  test("the model that answered sets the price, if it is known", () => {
    const costOf = (reportedModel: string): bigint | null =>
      book({ outcome: "completed", usage: USAGE, reportedModel }).costNanoUsd;
    expect(costOf(DEARER_MODEL)).toBe(5n * 200_000n);
    expect(costOf("a-name-of-tomorrow")).toBe(200_000n);
  });
});

describe("the books of an attempt", () => {
  test("say who was asked, when, and how long it took", () => {
    const clock = createManualClock(1_000_000);
    clock.advance(50);
    const context = { clock, catalogue: CATALOGUE, arrivedMonotonicMs: 40 };
    const open = new OpenAttempt(3, START, context);
    clock.advance(200);
    open.head(headOf(200, { "request-id": "req_up" }));
    clock.advance(300);
    const verdict = { confidence: 0.93, threshold: 0.8, answerBegan: true };
    const end = { usage: USAGE, stopReason: "end_turn", reportedModel: `${MODEL}-20251001` };
    expect(open.close({ outcome: "completed", verdict, ...end })).toEqual({
      index: 3,
      role: "triage",
      tier: 0,
      provider: "anthropic",
      isSimulated: false,
      model: MODEL,
      reportedModel: "claude-haiku-4-5-20251001",
      outcome: "completed",
      status: 200,
      failureCode: null,
      stopReason: "end_turn",
      upstreamRequestId: "req_up",
      startedAfterMs: 10,
      firstByteMs: 200,
      latencyMs: 500,
      tokens: tokens({ inputTokens: 100, outputTokens: 20 }),
      isEstimated: false,
      costNanoUsd: 200_000n,
      priceSource: expect.stringMatching(/^catalogue /),
      edits: START.edits,
      confidence: 0.93,
      threshold: 0.8,
      answerBegan: true,
      promptHash: "0123456789abcdef",
    });
  });

  test("say nothing of a response that never came", () => {
    const attempt = book({ outcome: "failed", failureCode: "connect_failed" }, null);
    expect(attempt).toMatchObject({
      status: null,
      firstByteMs: null,
      upstreamRequestId: null,
      reportedModel: null,
      stopReason: null,
      confidence: null,
      threshold: null,
      answerBegan: false,
    });
  });

  test("a simulation is known by its provider or by what its responses say", () => {
    const end: AttemptEnd = { outcome: "completed", usage: USAGE };
    const simulated = { provider: { ...PROVIDER, isSimulated: true } };
    expect(book(end, headOf(200), simulated).isSimulated).toBe(true);
    expect(book(end, headOf(200, { "x-leadsman-simulated": "1" })).isSimulated).toBe(true);
    expect(book(end).isSimulated).toBe(false);
  });

  test("a repeated request id is kept whole", () => {
    const head = headOf(200, { "request-id": ["a", "b"] });
    expect(book({ outcome: "completed", usage: USAGE }, head).upstreamRequestId).toBe("a, b");
  });
});

test("an answer that came in a batch costs half, by upstream's own word", () => {
  const usage: Usage = { ...USAGE, service_tier: "batch" };
  const { tokens: booked, costNanoUsd } = book({ outcome: "completed", usage });
  expect([booked.inputTokens, costNanoUsd]).toEqual([100, 100_000n]);
  const standard: Usage = { ...USAGE, service_tier: "standard" };
  expect(book({ outcome: "completed", usage: standard }).costNanoUsd).toBe(200_000n);
});
