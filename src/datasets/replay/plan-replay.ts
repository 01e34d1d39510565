import type { NanoUsd } from "../../catalogue/cost.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { estimateCost, type EstimateContext } from "./estimate-cost.ts";
import { isComplete } from "./next-tier.ts";
import type { ReplayRow } from "./replay-row.ts";

/** What a run would do and cost, nothing of it done. */
export interface ReplayPlan {
  /** Rows that are in the ledger with all their answers. */
  readonly known: number;
  /** Rows of which a part is there. */
  readonly partlyKnown: number;
  /** Rows to ask, those partly known included. */
  readonly toAsk: number;
  readonly calls: number;
  readonly lowInputTokens: number;
  readonly highInputTokens: number;
  readonly highOutputTokens: number;
  /** The prompts alone; null = a model is unpriced. */
  readonly lowNanoUsd: NanoUsd | null;
  /** Prompts of many tokens, answers as long as they may get; null = a model is unpriced. */
  readonly highNanoUsd: NanoUsd | null;
}

/** @param ledger null when there is none yet */
export async function planReplay(
  ledger: Pick<Ledger, "evidenceOf"> | null,
  rows: AsyncIterable<ReplayRow>,
  estimates: EstimateContext,
): Promise<ReplayPlan> {
  const deepTier = estimates.route.tiers.length - 1;
  const plan = {
    known: 0,
    partlyKnown: 0,
    toAsk: 0,
    calls: 0,
    lowInputTokens: 0,
    highInputTokens: 0,
    highOutputTokens: 0,
  };
  let low: NanoUsd | null = 0n;
  let high: NanoUsd | null = 0n;
  for await (const row of rows) {
    const stored = (await ledger?.evidenceOf(row.itemId)) ?? [];
    if (isComplete(stored)) {
      plan.known += 1;
      continue;
    }
    plan.toAsk += 1;
    if (stored.length > 0) plan.partlyKnown += 1;
    for (let tier = 0; tier <= deepTier; tier += 1) {
      if (stored.some((one) => one.tier === tier)) continue;
      const range = estimateCost(row, tier, estimates);
      plan.calls += 1;
      plan.lowInputTokens += range.lowInputTokens;
      plan.highInputTokens += range.highInputTokens;
      plan.highOutputTokens += range.highOutputTokens;
      low = sum(low, range.lowNanoUsd);
      high = sum(high, range.highNanoUsd);
    }
  }
  return { ...plan, lowNanoUsd: low, highNanoUsd: high };
}

function sum(one: NanoUsd | null, other: NanoUsd | null): NanoUsd | null {
  return one === null || other === null ? null : one + other;
}
