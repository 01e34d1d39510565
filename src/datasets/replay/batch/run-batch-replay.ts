import type { ReplayBatch, ReplayBatchState } from "../../../ledger/records/replay-batch.ts";
import { MOST_TRIES } from "../ask-patiently.ts";
import { estimateCost } from "../estimate-cost.ts";
import { isComplete, nextTier } from "../next-tier.ts";
import { raisePropensity } from "../replay-entries.ts";
import type { ReplayRow } from "../replay-row.ts";
import { ReplayTally } from "../replay-tally.ts";
import type { ReplayEnd, RunOutcome } from "../run-replay.ts";
import type { Trouble } from "../tier-asker.ts";
import type { BatchAsker } from "./batch-asker.ts";
import type { BatchLedger, BatchReplayOptions } from "./batch-replay-options.ts";
import { BatchBooker } from "./book-batch.ts";
import { OpenRequests, type GatheredRequests } from "./open-requests.ts";
import { sendBatch } from "./send-batch.ts";

/** How a look at a batch left it. */
type LookResult = "awaited" | "over";

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;
const LOST: Trouble = {
  code: "batch_not_received",
  message: "batches get lost on their way",
  retryAfterMs: null,
};
/** Looks in a row that came to nothing before it is upstream that is unwell. */
const MOST_FAILED_LOOKS = 10;

/**
 * Asks all tiers of a route about each row in batches: what a row needs next is asked with what
 * other rows need of the same tier, and what comes back decides what it needs then. All that is
 * known of a row is in the ledger, so that a later run goes on where this one ends, however it ends;
 * batches that are under way are waited for and never asked again.
 *
 * @throws LeadsmanError when the ledger or the files fail
 */
export async function runBatchReplay(
  ledger: BatchLedger,
  asker: BatchAsker,
  options: BatchReplayOptions,
): Promise<RunOutcome> {
  const run = new BatchReplayRun(ledger, asker, options);
  await run.run();
  return { end: run.end, tally: run.tally, awaitedRequests: run.awaitedRequests };
}

class BatchReplayRun {
  readonly tally: ReplayTally;
  readonly #ledger: BatchLedger;
  readonly #asker: BatchAsker;
  readonly #options: BatchReplayOptions;
  readonly #booker: BatchBooker;
  readonly #deepTier: number;
  readonly #awaited = new Map<string, ReplayBatch>();
  /** Rows that an awaited batch holds. */
  readonly #underWay = new Set<string>();
  #end: ReplayEnd | null = null;
  #isShortOfMoney = false;
  #failedLooks = 0;
  #lostBatches = 0;

  constructor(ledger: BatchLedger, asker: BatchAsker, options: BatchReplayOptions) {
    this.#ledger = ledger;
    this.#asker = asker;
    this.#options = options;
    this.#deepTier = options.deepTier;
    this.tally = new ReplayTally(options.deepTier + 1);
    this.#booker = new BatchBooker(ledger, asker, this.tally, options);
  }

  get end(): ReplayEnd {
    return this.#end ?? { kind: this.#isShortOfMoney ? "over_budget" : "finished" };
  }

  /** Requests whose answers are still to come. */
  get awaitedRequests(): number {
    return this.#underWay.size;
  }

  async run(): Promise<void> {
    const { route, dataset, cap, sleep, stop } = this.#options;
    for (const batch of await this.#ledger.openBatches(route, dataset)) {
      cap.hold(batch.highNanoUsd);
      this.#await(batch);
    }
    let waitMs = FIRST_WAIT_MS;
    for (let isFirst = true; ; isFirst = false) {
      const hasEnded = await this.#lookAtAll();
      if (this.#end === null && (isFirst || hasEnded)) await this.#askRows();
      if (stop.aborted) this.#halt({ kind: "interrupted" });
      this.#tell();
      if (this.#end !== null || this.#awaited.size === 0) return;
      waitMs = hasEnded ? FIRST_WAIT_MS : Math.min(LONGEST_WAIT_MS, 2 * waitMs);
      await sleep(waitMs, stop);
    }
  }

  /** @returns whether a batch is over, so that more can be asked */
  async #lookAtAll(): Promise<boolean> {
    let hasEnded = false;
    for (const batch of [...this.#awaited.values()]) {
      if (this.#end !== null) return hasEnded;
      if ((await this.#look(batch)) === "over") hasEnded = true;
      this.#tell();
    }
    return hasEnded;
  }

  async #look(batch: ReplayBatch): Promise<LookResult> {
    const { hurry } = this.#options;
    if (batch.upstreamId === null) return this.#find(batch);
    const outcome = await this.#asker.look(batch, hurry);
    switch (outcome.kind) {
      case "transient":
      case "fatal":
        return this.#failLook(outcome.kind, outcome.trouble);
      case "gone":
        for (const itemId of batch.itemIds) {
          this.#booker.miss(itemId, batch.tier, "answers_gone");
        }
        return this.#close(batch, "gone");
      case "under_way":
        this.#failedLooks = 0;
        return "awaited";
      case "ended":
        this.#failedLooks = 0;
        return this.#book(batch);
    }
  }

  async #book(batch: ReplayBatch): Promise<LookResult> {
    const booked = await this.#booker.book(batch);
    switch (booked.kind) {
      case "transient":
        return this.#failLook("transient", booked.trouble);
      case "fatal":
        this.#halt({ kind: "upstream_refused", trouble: booked.trouble });
        return "awaited";
      case "booked":
        return this.#close(batch, "booked");
      case "rows_missing":
        // Its answers stay where they are, for a run that knows its rows.
        this.#forget(batch);
        return "over";
    }
  }

  /** Of a batch whose creation broke off. */
  async #find(batch: ReplayBatch): Promise<LookResult> {
    const found = await this.#asker.find(batch, this.#options.hurry);
    switch (found.kind) {
      case "transient":
      case "fatal":
        return this.#failLook(found.kind, found.trouble);
      case "undecided":
        return "awaited";
      case "not_received":
        return this.#closeLost(batch, found.trouble);
      case "found":
        await this.#name(batch, found.upstreamId);
        return "awaited";
    }
  }

  /** @param trouble why none of its kind is ever received; null = it got lost on its way */
  async #closeLost(batch: ReplayBatch, trouble: Trouble | null): Promise<LookResult> {
    this.#lostBatches += 1;
    if (trouble !== null) this.#halt({ kind: "upstream_refused", trouble });
    else if (this.#lostBatches >= MOST_TRIES)
      this.#halt({ kind: "upstream_unwell", trouble: LOST });
    const isLike = (other: ReplayBatch): boolean =>
      trouble !== null && other.upstreamId === null && other.provider === batch.provider;
    for (const other of [...this.#awaited.values()].filter(isLike)) {
      await this.#close(other, "not_received");
    }
    return this.#close(batch, "not_received");
  }

  #failLook(kind: "transient" | "fatal", trouble: Trouble): LookResult {
    this.#failedLooks += 1;
    if (kind === "fatal") this.#halt({ kind: "upstream_refused", trouble });
    else if (this.#failedLooks >= MOST_FAILED_LOOKS)
      this.#halt({ kind: "upstream_unwell", trouble });
    return "awaited";
  }

  /** Asks what rows need next, as far as the money goes. */
  async #askRows(): Promise<void> {
    const { rows, size, stop } = this.#options;
    const gathered = Array.from({ length: this.#deepTier + 1 }, () => new OpenRequests(size));
    this.#isShortOfMoney = false;
    for await (const row of rows()) {
      if (this.#end !== null || this.#isShortOfMoney || stop.aborted) break;
      if (this.#underWay.has(row.itemId) || this.#booker.isSettled(row.itemId)) continue;
      const tier = await this.#gather(row, gathered);
      const full = tier === null ? undefined : gathered[tier];
      if (tier !== null && full?.isFull === true) await this.#send(tier, full.take());
    }
    for (const [tier, rest] of gathered.entries()) {
      if (this.#end === null && !stop.aborted && !rest.isEmpty) await this.#send(tier, rest.take());
    }
  }

  /** @returns the tier that the row is now to be asked of; null when it is not asked */
  async #gather(row: ReplayRow, gathered: readonly OpenRequests[]): Promise<number | null> {
    const { estimates, propensity, cap } = this.#options;
    const stored = await this.#ledger.evidenceOf(row.itemId);
    if (isComplete(stored)) {
      const raised = raisePropensity(stored, propensity);
      if (raised !== stored) {
        await this.#ledger.append(raised.map((evidence) => ({ kind: "evidence", evidence })));
      }
      this.#booker.addKnown(row.itemId, raised);
      return null;
    }
    const isPassedOver = (tier: number): boolean => this.#booker.isPassedOver(row.itemId, tier);
    const tier = nextTier(row, stored, estimates, isPassedOver);
    if (tier === null) return null;
    const { highNanoUsd } = estimateCost(row, tier, estimates);
    if (!cap.tryReserve(highNanoUsd)) {
      this.#isShortOfMoney = true;
      return null;
    }
    const body = this.#asker.requestOf(row, tier);
    gathered[tier]?.add({ itemId: row.itemId, body }, highNanoUsd);
    return tier;
  }

  async #send(tier: number, gathered: GatheredRequests): Promise<void> {
    const { route, dataset, propensity, newId, nowMs } = this.#options;
    const { requests, highNanoUsd } = gathered;
    const batch: ReplayBatch = {
      ...{ id: newId(), route, dataset, tier, provider: this.#asker.providerOf(tier) },
      ...{ upstreamId: null, state: "open", itemIds: requests.map(({ itemId }) => itemId) },
      ...{ highNanoUsd, propensity, createdAtMs: nowMs() },
    };
    await this.#ledger.append([{ kind: "batch", batch }]);
    this.#await(batch);
    const sent = await sendBatch(this.#asker, tier, requests, this.#options);
    this.#tell();
    if (sent.kind === "created") await this.#name(batch, sent.upstreamId);
    // Of one that is `unsure` the next look finds out whether upstream has it.
    if (sent.kind !== "not_sent") return;
    await this.#close(batch, "not_received");
    this.#halt(sent.end);
  }

  async #name(batch: ReplayBatch, upstreamId: string): Promise<void> {
    const known = { ...batch, upstreamId };
    await this.#ledger.append([{ kind: "batch", batch: known }]);
    this.#awaited.set(batch.id, known);
  }

  #await(batch: ReplayBatch): void {
    this.#awaited.set(batch.id, batch);
    for (const itemId of batch.itemIds) this.#underWay.add(itemId);
  }

  async #close(batch: ReplayBatch, state: ReplayBatchState): Promise<LookResult> {
    await this.#ledger.append([{ kind: "batch", batch: { ...batch, state, itemIds: [] } }]);
    this.#forget(batch);
    return "over";
  }

  #forget(batch: ReplayBatch): void {
    this.#awaited.delete(batch.id);
    for (const itemId of batch.itemIds) this.#underWay.delete(itemId);
    this.#options.cap.release(batch.highNanoUsd);
  }

  /** The first reason stands. */
  #halt(end: ReplayEnd): void {
    this.#end ??= end;
  }

  #tell(): void {
    const { cap, pace, onProgress } = this.#options;
    onProgress({
      done: this.#booker.settledRows,
      known: this.tally.known,
      spentNanoUsd: cap.spentNanoUsd,
      pausedMs: pace.pausedMs(),
      awaited: { batches: this.#awaited.size, requests: this.#underWay.size },
    });
  }
}
