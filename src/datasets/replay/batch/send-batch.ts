import { MOST_TRIES } from "../ask-patiently.ts";
import type { ReplayEnd } from "../run-replay.ts";
import type { BatchAsker, BatchRequest, CreateOutcome } from "./batch-asker.ts";
import type { BatchReplayOptions } from "./batch-replay-options.ts";

/** How sending a batch ended after all tries. */
export type SentBatch =
  | Extract<CreateOutcome, { kind: "created" | "unsure" }>
  /** Upstream does not have it, and the run ends. */
  | { readonly kind: "not_sent"; readonly end: ReplayEnd };

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** Hands a batch over, patiently where upstream certainly has not taken it; never a second time else. */
export async function sendBatch(
  asker: BatchAsker,
  tier: number,
  requests: readonly BatchRequest[],
  { pace, stop, hurry }: Pick<BatchReplayOptions, "pace" | "stop" | "hurry">,
): Promise<SentBatch> {
  for (let tries = 1; ; tries += 1) {
    await pace.ready(stop);
    if (stop.aborted) return { kind: "not_sent", end: { kind: "interrupted" } };
    const outcome = await asker.create(tier, requests, hurry);
    if (outcome.kind === "created" || outcome.kind === "unsure") return outcome;
    const { kind, trouble } = outcome;
    if (kind === "fatal") return { kind: "not_sent", end: { kind: "upstream_refused", trouble } };
    if (tries === MOST_TRIES) {
      return { kind: "not_sent", end: { kind: "upstream_unwell", trouble } };
    }
    const doubled = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
    pace.pause(trouble.retryAfterMs ?? doubled);
  }
}
