import { describe, expect, test } from "vitest";
import type { TokenCounts } from "../catalogue/cost.ts";
import { createCatalogue } from "../catalogue/catalogue.ts";
import { allDeepCost, type AllDeepInput } from "./all-deep.ts";
import { exampleAttempt } from "./examples.fixture.ts";

const DEEP = exampleAttempt({
  index: 1,
  role: "answer",
  tier: 1,
  model: "claude-opus-4-7",
  costNanoUsd: 7_500_000n,
});

/** A dollar per million tokens of any kind; a text has twice the tokens on another model. */
const SIMPLE: AllDeepInput["catalogue"] = {
  cost: (model, tokens) =>
    model === "unknown"
      ? { isPriced: false, costNanoUsd: null, source: null }
      : { isPriced: true, costNanoUsd: BigInt(sumOf(tokens)) * 1_000n, source: "test" },
  estimateTokensOn: (tokens, from, to) => (from === to ? tokens : doubled(tokens)),
};

function sumOf(tokens: TokenCounts): number {
  const { inputTokens, cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = tokens;
  const prompt = inputTokens + cacheReadTokens + cacheWrite5mTokens + cacheWrite1hTokens;
  return prompt + tokens.outputTokens;
}

function doubled(tokens: TokenCounts): TokenCounts {
  return {
    inputTokens: tokens.inputTokens * 2,
    cacheReadTokens: tokens.cacheReadTokens * 2,
    cacheWrite5mTokens: tokens.cacheWrite5mTokens * 2,
    cacheWrite1hTokens: tokens.cacheWrite1hTokens * 2,
    outputTokens: tokens.outputTokens * 2,
  };
}

function cost(changes: Partial<AllDeepInput>): ReturnType<typeof allDeepCost> {
  return allDeepCost({
    attempts: [exampleAttempt()],
    decision: "shipped",
    catalogue: SIMPLE,
    deepModel: "claude-opus-4-7",
    instructionTokens: 300,
    wrapperTokens: 10,
    atMs: 0,
    ...changes,
  });
}

const NOT_KNOWN = { allDeepNanoUsd: null, allDeepBasis: null };

describe("allDeepCost", () => {
  test("is measured where the deep model answered, without the triage before it", () => {
    const attempts = [exampleAttempt({ outcome: "aborted" }), DEEP];
    expect(cost({ attempts, decision: "escalated" })).toEqual({
      allDeepNanoUsd: 7_500_000n,
      allDeepBasis: "measured",
    });
    expect(cost({ attempts: [DEEP], decision: "passthrough", deepModel: null })).toEqual({
      allDeepNanoUsd: 7_500_000n,
      allDeepBasis: "measured",
    });
  });

  test("counts the deep call that answered, not the one that failed before", () => {
    const attempts = [{ ...DEEP, outcome: "failed" as const, costNanoUsd: 1n }, DEEP];
    expect(cost({ attempts, decision: "bypassed" }).allDeepNanoUsd).toBe(7_500_000n);
  });

  test("is measured by the deep answer behind a shipped one, if there is one", () => {
    const attempts = [exampleAttempt(), { ...DEEP, role: "shadow_answer" as const }];
    expect(cost({ attempts })).toEqual({ allDeepNanoUsd: 7_500_000n, allDeepBasis: "measured" });
  });

  test("is marked when the deep call's own counts are estimates", () => {
    const attempts = [{ ...DEEP, isEstimated: true }];
    expect(cost({ attempts, decision: "bypassed" }).allDeepBasis).toBe("estimated");
  });

  test("is estimated from a shipped triage without what is ours", () => {
    // (1,000 - 300) tokens in and (100 - 10) out, twice as many on the deep model.
    expect(cost({})).toEqual({ allDeepNanoUsd: 1_580_000n, allDeepBasis: "estimated" });
  });

  test("takes the instruction out of cached input when the rest is smaller", () => {
    const tokens = {
      inputTokens: 100,
      cacheReadTokens: 50,
      cacheWrite5mTokens: 150,
      cacheWrite1hTokens: 0,
      outputTokens: 5,
    };
    const attempts = [exampleAttempt({ tokens })];
    expect(cost({ attempts, instructionTokens: 260 }).allDeepNanoUsd).toBe(80_000n);
    expect(cost({ attempts, instructionTokens: 999 }).allDeepNanoUsd).toBe(0n);
  });

  test("with several triages the one that shipped counts", () => {
    const middle = exampleAttempt({ index: 1, tier: 1, model: "claude-opus-4-7" });
    const attempts = [exampleAttempt({ outcome: "aborted" }), middle];
    expect(cost({ attempts }).allDeepNanoUsd).toBe(790_000n);
  });

  test.each<[string, Partial<AllDeepInput>]>([
    ["nothing was asked", { attempts: [], decision: "passthrough" }],
    ["the deep model is not known", { deepModel: null }],
    ["the deep model has no price", { deepModel: "unknown" }],
    ["the deep answer has no price", { attempts: [{ ...DEEP, costNanoUsd: null }] }],
    [
      "the deep call failed",
      { attempts: [{ ...DEEP, outcome: "http_error" }], decision: "escalated" },
    ],
    [
      "the client left the shipped answer",
      { attempts: [exampleAttempt({ outcome: "client_left" })] },
    ],
  ])("is not known when %s", (_name, changes) => {
    expect(cost(changes)).toEqual(NOT_KNOWN);
  });

  test("with the real catalogue a shipped Haiku answer is priced as one of Opus", () => {
    const atMs = Date.UTC(2026, 10, 23);
    const found = cost({ catalogue: createCatalogue(), atMs });
    // 700 in and 90 out at 5 and 25 dollars per million, on a tokenizer that makes some 30 % more.
    const plain = 700 * 5_000 + 90 * 25_000;
    expect(found.allDeepBasis).toBe("estimated");
    expect(Number(found.allDeepNanoUsd) / plain).toBeCloseTo(1.3, 2);
  });
});
