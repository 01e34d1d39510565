import type { NanoUsd } from "../../catalogue/cost.ts";
import type { Random } from "../../support/random.ts";
import type { Pace } from "./pace.ts";
import type { SpendCap } from "./spend-cap.ts";
import type { TierOutcome, Trouble } from "./tier-asker.ts";

export interface PatienceOptions {
  readonly pace: Pace;
  readonly cap: SpendCap;
  readonly random: Random;
  /** No new call once it is aborted. */
  readonly stop: AbortSignal;
  /** First wait before another try; doubled each time. Default 1,000. */
  readonly firstWaitMs?: number;
}

/** How asking ended after all tries. */
export type PatientOutcome =
  | Exclude<TierOutcome, { kind: "transient" | "interrupted" }>
  /** All tries met trouble that may pass. */
  | { readonly kind: "left_out"; readonly trouble: Trouble }
  | { readonly kind: "stopped" }
  | { readonly kind: "over_budget" };

/** Tries of one call, the first included. */
export const MOST_TRIES = 6;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Asks until there is an answer or a reason not to ask again. What upstream says of waiting holds
 * for all workers; without its word each try waits twice as long as the one before, less up to a
 * quarter by chance.
 *
 * @param highNanoUsd upper estimate of one try; null = unpriced
 */
export async function askPatiently(
  ask: () => Promise<TierOutcome>,
  highNanoUsd: NanoUsd | null,
  { pace, cap, random, stop, firstWaitMs = FIRST_WAIT_MS }: PatienceOptions,
): Promise<PatientOutcome> {
  for (let tries = 1; ; tries += 1) {
    await pace.ready(stop);
    if (stop.aborted) return { kind: "stopped" };
    if (!(await cap.reserve(highNanoUsd))) return { kind: "over_budget" };
    // The wait for money may have been long enough for a limit to be met or a stop to be asked.
    if (stop.aborted || pace.pausedMs() > 0) {
      cap.settle(highNanoUsd, 0n);
      tries -= 1;
      continue;
    }
    const outcome = await ask();
    const isAnswer = outcome.kind === "answered";
    cap.settle(highNanoUsd, isAnswer ? outcome.answer.costNanoUsd : outcome.costNanoUsd);
    if (outcome.kind === "interrupted") return { kind: "stopped" };
    if (outcome.kind !== "transient") return outcome;
    if (tries === MOST_TRIES) return { kind: "left_out", trouble: outcome.trouble };
    const doubled = Math.min(LONGEST_WAIT_MS, firstWaitMs * 2 ** (tries - 1));
    pace.pause(outcome.trouble.retryAfterMs ?? doubled * (1 - random() / 4));
  }
}
