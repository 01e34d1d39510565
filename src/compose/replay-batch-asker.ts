import type {
  BatchAnswer,
  BatchAsker,
  FindOutcome,
  LookOutcome,
} from "../datasets/replay/batch/batch-asker.ts";
import type { ReplayBatch } from "../ledger/records/replay-batch.ts";
import { spliceEdits } from "../messages/body-edits.ts";
import type { BatchResult } from "../providers/batches/batch-result.ts";
import { createMessageBatches, type MessageBatches } from "../providers/message-batches.ts";
import { invariant } from "../support/invariant.ts";
import { recordedProvider } from "./recorded-provider.ts";
import { createReplayAsker, tierRequest, type ReplayAskerOptions } from "./replay-tier-asker.ts";
import { classifyBatchFailure } from "./replay-trouble.ts";
import { tapProvider } from "./tapped-provider.ts";

/** Asks tiers through the Message Batches API; what comes back is read as a single call's answer. */
export function createBatchAsker(options: ReplayAskerOptions): BatchAsker {
  const { clock } = options;
  const providerOf = (tier: number): string => options.route.tiers[tier]?.provider ?? "";
  const batchesOf = (provider: string): MessageBatches => openBatches(provider, options);
  return {
    providerOf,
    requestOf: (row, tier) => spliceEdits(tierRequest(row, tier, options).body, [NOT_STREAMED]),
    create: async (tier, requests, signal) => {
      const batch = requests.map(({ itemId, body }) => ({ customId: itemId, params: body }));
      const created = await batchesOf(providerOf(tier)).create(batch, { signal });
      if (created.ok) return { kind: "created", upstreamId: created.value.id };
      const trouble = classifyBatchFailure(created.failure, clock.nowMs());
      if (!created.failure.mayHaveTakenEffect) return trouble;
      return { kind: "unsure", trouble: trouble.trouble };
    },
    find: (batch, signal) => findBatch(batch, batchesOf(batch.provider), clock.nowMs(), signal),
    look: (batch, signal) => lookAt(batch, batchesOf(batch.provider), clock.nowMs(), signal),
    answers: async (batch, take, signal) => {
      const takeResult = ({ customId, result }: BatchResult): Promise<void> =>
        take(customId, answerOf(result));
      const id = upstreamIdOf(batch);
      const read = await batchesOf(batch.provider).results(id, takeResult, { signal });
      return read.ok ? null : classifyBatchFailure(read.failure, clock.nowMs());
    },
    read: async (row, tier, answer) => {
      if (answer.kind === "none") {
        const { code } = answer;
        const message = `its batch brought no answer (${code})`;
        return {
          kind: "transient",
          trouble: { code, message, retryAfterMs: null },
          costNanoUsd: 0n,
        };
      }
      const name = providerOf(tier);
      const isSimulated = options.providers.get(name)?.isSimulated ?? false;
      const provider = recordedProvider({ name, isSimulated }, answer);
      const asker = createReplayAsker({ ...options, providers: new Map([[name, provider]]) });
      const outcome = await asker.ask(row, tier, NEVER);
      if (outcome.kind !== "answered") return outcome;
      // Nobody waited for it, so how long it took says nothing of the model.
      return { ...outcome, answer: { ...outcome.answer, latencyMs: null } };
    },
    cancel: async (batch, signal) => {
      const canceled = await batchesOf(batch.provider).cancel(upstreamIdOf(batch), { signal });
      return canceled.ok ? null : classifyBatchFailure(canceled.failure, clock.nowMs());
    },
  };
}

const NOT_STREAMED = {
  op: "remove",
  member: "stream",
  why: "The requests of a batch cannot be streamed.",
} as const;

const NEVER = new AbortController().signal;

function openBatches(name: string, options: ReplayAskerOptions): MessageBatches {
  const provider = options.providers.get(name);
  invariant(provider !== undefined, `provider "${name}" is configured`);
  const { provider: tapped } = tapProvider(provider, options.onHead);
  return createMessageBatches({ provider: tapped, timeouts: options.timeoutsOf(name) });
}

function upstreamIdOf({ id, upstreamId }: ReplayBatch): string {
  invariant(upstreamId !== null, `batch ${id} is known upstream`);
  return upstreamId;
}

function answerOf(result: BatchResult["result"]): BatchAnswer {
  switch (result.type) {
    case "succeeded":
      return { kind: "message", message: result.message };
    case "errored":
      return { kind: "error", error: result.error };
    case "canceled":
    case "expired":
      return { kind: "none", code: result.type };
    case "unknown":
      return { kind: "none", code: "result_unknown" };
  }
}

/** A batch of so recent a creation may not be known yet wherever it is asked for. */
const SETTLED_AFTER_MS = 10 * 60_000;

async function lookAt(
  batch: ReplayBatch,
  batches: MessageBatches,
  nowMs: number,
  signal: AbortSignal,
): Promise<LookOutcome> {
  const found = await batches.retrieve(upstreamIdOf(batch), { signal });
  if (found.ok) {
    const { processing_status: status, results_url: results, archived_at: archived } = found.value;
    if (status !== "ended") return { kind: "under_way" };
    const isGone = results === null || typeof archived === "string";
    return { kind: isGone ? "gone" : "ended" };
  }
  const { failure } = found;
  if (failure.status !== 404) return classifyBatchFailure(failure, nowMs);
  if (nowMs - batch.createdAtMs >= SETTLED_AFTER_MS) return { kind: "gone" };
  return { kind: "transient", trouble: classifyBatchFailure(failure, nowMs).trouble };
}

/** A batch that is not listed after so long was not received. */
const LISTED_AFTER_MS = 60_000;
/** By so much clocks may differ. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Looks among the batches that upstream knows for one of the same size, made at that time or later,
 * whose first result is of one of its items. Of one that has not ended that cannot be told yet.
 */
async function findBatch(
  batch: ReplayBatch,
  batches: MessageBatches,
  nowMs: number,
  signal: AbortSignal,
): Promise<FindOutcome> {
  let afterId: string | undefined;
  let isUndecided = nowMs - batch.createdAtMs < LISTED_AFTER_MS;
  for (;;) {
    const page = await batches.list({
      signal,
      limit: 100,
      ...(afterId === undefined ? {} : { afterId }),
    });
    if (!page.ok) {
      const trouble = classifyBatchFailure(page.failure, nowMs);
      if (page.failure.status !== 404) return trouble;
      return { kind: "not_received", trouble: trouble.trouble };
    }
    for (const listed of page.value.batches) {
      const createdAtMs = Date.parse(listed.created_at ?? "");
      if (createdAtMs < batch.createdAtMs - CLOCK_SKEW_MS) return concluded(isUndecided);
      const { processing, succeeded, errored, canceled, expired } = listed.request_counts;
      const size = processing + succeeded + errored + canceled + expired;
      if (size !== batch.itemIds.length) continue;
      if (listed.processing_status !== "ended") isUndecided = true;
      else if (await isOf(batch, listed.id, batches, signal)) {
        return { kind: "found", upstreamId: listed.id };
      }
    }
    const { hasMore, lastId } = page.value;
    if (!hasMore || lastId === null) return concluded(isUndecided);
    afterId = lastId;
  }
}

function concluded(isUndecided: boolean): FindOutcome {
  return isUndecided ? { kind: "undecided" } : { kind: "not_received", trouble: null };
}

/** Whether the first result of a batch is an answer to one of these items. */
async function isOf(
  { itemIds }: ReplayBatch,
  upstreamId: string,
  batches: MessageBatches,
  signal: AbortSignal,
): Promise<boolean> {
  const enough = new AbortController();
  let isOurs = false;
  const takeFirst = ({ customId }: BatchResult): void => {
    if (enough.signal.aborted) return;
    isOurs = itemIds.includes(customId);
    enough.abort();
  };
  await batches.results(upstreamId, takeFirst, {
    signal: AbortSignal.any([signal, enough.signal]),
  });
  return isOurs;
}
