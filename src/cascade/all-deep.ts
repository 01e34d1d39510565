import type { Catalogue } from "../catalogue/catalogue.ts";
import type { NanoUsd, TokenCounts } from "../catalogue/cost.ts";
import type { Attempt } from "./receipt.ts";
import type { DecisionWord } from "./words.ts";

export interface AllDeepInput {
  readonly attempts: readonly Attempt[];
  readonly decision: DecisionWord;
  readonly catalogue: Pick<Catalogue, "cost" | "estimateTokensOn">;
  /** Model of the last tier; null = not known (no route). */
  readonly deepModel: string | null;
  /** See `VerdictProtocol`; both 0 without a route. */
  readonly instructionTokens: number;
  readonly wrapperTokens: number;
  /** When the request came, in milliseconds since the Unix epoch: prices have dates. */
  readonly atMs: number;
}

export interface AllDeepCost {
  /** Null = not known. */
  readonly allDeepNanoUsd: NanoUsd | null;
  readonly allDeepBasis: "measured" | "estimated" | null;
}

const NOT_KNOWN: AllDeepCost = { allDeepNanoUsd: null, allDeepBasis: null };

/**
 * What the request would have cost if it had gone to the deep model at once.
 *
 * Measured where the deep model did answer it: the cost of that one call, without the triages
 * before it. Estimated where a triage shipped: the tokens of that triage without our instruction
 * and wrapping, as many as the same text has on the deep model. The deep model might have written
 * more or less; that is what the measured side of a shadow pair is for. Not known for anything
 * else (nothing answered, no price).
 */
export function allDeepCost(input: AllDeepInput): AllDeepCost {
  const deep = deepAnswer(input.attempts);
  if (deep !== undefined) {
    const basis = deep.isEstimated ? "estimated" : "measured";
    return known(deep.costNanoUsd, basis);
  }
  const shipped = input.decision === "shipped" ? shippedTriage(input.attempts) : undefined;
  if (shipped === undefined || input.deepModel === null) return NOT_KNOWN;
  const { catalogue, deepModel, atMs } = input;
  const tokens = catalogue.estimateTokensOn(
    withoutVerdict(shipped.tokens, input),
    shipped.model,
    deepModel,
  );
  const options = { isBatch: false, geo: null, speed: null, atMs };
  return known(catalogue.cost(deepModel, tokens, options).costNanoUsd, "estimated");
}

function deepAnswer(attempts: readonly Attempt[]): Attempt | undefined {
  const isComplete = ({ outcome }: Attempt): boolean => outcome === "completed";
  return (
    attempts.find((attempt) => attempt.role === "answer" && isComplete(attempt)) ??
    attempts.find((attempt) => attempt.role === "shadow_answer" && isComplete(attempt))
  );
}

/** The last triage is the one that shipped: nothing is asked after it. */
function shippedTriage(attempts: readonly Attempt[]): Attempt | undefined {
  const last = attempts.findLast(({ role }) => role === "triage");
  return last?.outcome === "completed" ? last : undefined;
}

/** The instruction stands behind the last cache breakpoint, so it was most likely read uncached. */
function withoutVerdict(tokens: TokenCounts, input: AllDeepInput): TokenCounts {
  let instruction = input.instructionTokens;
  const less = (count: number): number => {
    const rest = Math.max(0, count - instruction);
    instruction -= count - rest;
    return rest;
  };
  return {
    inputTokens: less(tokens.inputTokens),
    cacheWrite5mTokens: less(tokens.cacheWrite5mTokens),
    cacheWrite1hTokens: less(tokens.cacheWrite1hTokens),
    cacheReadTokens: less(tokens.cacheReadTokens),
    outputTokens: Math.max(0, tokens.outputTokens - input.wrapperTokens),
  };
}

function known(costNanoUsd: NanoUsd | null, basis: "measured" | "estimated"): AllDeepCost {
  return costNanoUsd === null ? NOT_KNOWN : { allDeepNanoUsd: costNanoUsd, allDeepBasis: basis };
}
