import type { Evidence, Outcome } from "../../../ledger/records/evidence.ts";
import type { ReplayBatch } from "../../../ledger/records/replay-batch.ts";
import { isComplete } from "../next-tier.ts";
import {
  answerEntries,
  labelOf,
  raisePropensity,
  triageEvidence,
  withDeepAnswer,
  type EntryContext,
} from "../replay-entries.ts";
import { tierModelOf, type ReplayRow } from "../replay-row.ts";
import type { ReplayTally } from "../replay-tally.ts";
import type { TierAnswer, TierOutcome, Trouble } from "../tier-asker.ts";
import type { BatchAnswer, BatchAsker, BatchTrouble } from "./batch-asker.ts";
import type { BatchLedger, BatchReplayOptions } from "./batch-replay-options.ts";

/** What became of the answers of a batch. */
export type Booked =
  | { readonly kind: "booked" }
  /** Some are of rows that the files do not hold: they were left where they are. */
  | { readonly kind: "rows_missing" }
  | BatchTrouble;

/** Batches that a row may be part of for one tier without an answer coming of it. */
const MOST_BATCHES_PER_ANSWER = 3;

/** Answers that wait for their commit at one time. */
const COMMITS_AT_ONCE = 100;

/**
 * Turns what comes back into evidence, the same as single calls make. Booking a batch again adds
 * nothing to what was booked of it before, so it may be broken off anywhere.
 */
export class BatchBooker {
  readonly #ledger: BatchLedger;
  readonly #asker: BatchAsker;
  readonly #tally: ReplayTally;
  readonly #options: BatchReplayOptions;
  readonly #settled = new Set<string>();
  /** Rows whose first answer came in this run. */
  readonly #begun = new Set<string>();
  /** Of a row and a tier: how often a batch brought no answer. */
  readonly #misses = new Map<string, number>();
  readonly #passedOver = new Set<string>();

  constructor(
    ledger: BatchLedger,
    asker: BatchAsker,
    tally: ReplayTally,
    options: BatchReplayOptions,
  ) {
    this.#ledger = ledger;
    this.#asker = asker;
    this.#tally = tally;
    this.#options = options;
  }

  /** Rows that this run is done with, whichever way. */
  get settledRows(): number {
    return this.#settled.size;
  }

  isSettled(itemId: string): boolean {
    return this.#settled.has(itemId);
  }

  /** Whether a tier between the first and the last found the row too long. */
  isPassedOver(itemId: string, tier: number): boolean {
    return this.#passedOver.has(partOf(itemId, tier));
  }

  addKnown(itemId: string, evidence: readonly Evidence[]): void {
    this.#settled.add(itemId);
    this.#tally.known += 1;
    this.#tally.addComplete(evidence, new Map());
  }

  /** A batch brought no answer for a row. After some of these the row is left to another run. */
  miss(itemId: string, tier: number, code: string): void {
    const part = partOf(itemId, tier);
    const misses = (this.#misses.get(part) ?? 0) + 1;
    this.#misses.set(part, misses);
    if (misses < MOST_BATCHES_PER_ANSWER) return;
    this.#settled.add(itemId);
    this.#tally.addLeftOut(code);
  }

  async book(batch: ReplayBatch): Promise<Booked> {
    const missing = new Set(batch.itemIds);
    const rows = await this.#options.rowsOf(missing);
    let fatal: Trouble | null = null;
    let commits: Promise<Trouble | null>[] = [];
    const settleCommits = async (): Promise<void> => {
      for (const trouble of await Promise.all(commits)) fatal ??= trouble;
      commits = [];
    };
    const take = async (itemId: string, answer: BatchAnswer): Promise<void> => {
      const row = rows.get(itemId);
      // An answer that comes twice, or to a question that was never asked, is none.
      if (row === undefined || !missing.delete(itemId)) return;
      commits.push(this.#bookAnswer(row, batch, answer));
      if (commits.length >= COMMITS_AT_ONCE) await settleCommits();
    };
    const trouble = await this.#asker.answers(batch, take, this.#options.hurry);
    await settleCommits();
    if (fatal !== null) return { kind: "fatal", trouble: fatal };
    if (trouble !== null) return trouble;
    let unknown = 0;
    for (const itemId of missing) {
      if (rows.has(itemId)) this.miss(itemId, batch.tier, "no_result");
      else unknown += 1;
    }
    for (let count = 0; count < unknown; count += 1) this.#tally.addLeftOut("row_not_in_files");
    return { kind: unknown === 0 ? "booked" : "rows_missing" };
  }

  /** @returns what says that no row will be answered */
  async #bookAnswer(
    row: ReplayRow,
    { tier, propensity }: ReplayBatch,
    answer: BatchAnswer,
  ): Promise<Trouble | null> {
    const stored = await this.#ledger.evidenceOf(row.itemId);
    if (isAnswered(stored, tier, this.#options.deepTier)) return null;
    const outcome = await this.#asker.read(row, tier, answer);
    const { cap } = this.#options;
    cap.spend(outcome.kind === "answered" ? outcome.answer.costNanoUsd : outcome.costNanoUsd);
    switch (outcome.kind) {
      case "answered":
        await this.#commit(row, tier, outcome.answer, stored, propensity);
        return null;
      case "not_eligible":
        this.#passOver(row.itemId, tier);
        return null;
      case "fatal":
        return outcome.trouble;
      default:
        this.miss(row.itemId, tier, codeOf(outcome));
        return null;
    }
  }

  async #commit(
    row: ReplayRow,
    tier: number,
    answer: TierAnswer,
    stored: readonly Evidence[],
    propensity: number,
  ): Promise<void> {
    const { deepTier, estimates, compare, nowMs } = this.#options;
    const context: EntryContext = { ...this.#options, propensity, nowMs: nowMs() };
    if (tier < deepTier) {
      const deepModel = tierModelOf(estimates.route, deepTier, row.parsed.value.model);
      const one = triageEvidence(row, tier, answer, deepModel, context);
      await this.#ledger.append(answerEntries(row, tier, answer, [one], context));
      if (stored.length === 0) this.#begun.add(row.itemId);
      return;
    }
    const raised = raisePropensity(stored, propensity);
    const whole = raised.map((one) => withDeepAnswer(one, answer));
    await this.#ledger.append(answerEntries(row, tier, answer, whole, context));
    if (!this.#begun.has(row.itemId)) this.#tally.completed += 1;
    const label = labelOf(row, answer, compare);
    const labels = new Map<number, Outcome>(label === null ? [] : [[tier, label]]);
    this.#settled.add(row.itemId);
    this.#tally.addComplete(whole, labels);
  }

  #passOver(itemId: string, tier: number): void {
    if (tier > 0) {
      this.#passedOver.add(partOf(itemId, tier));
      return;
    }
    this.#settled.add(itemId);
    this.#tally.addNotEligible("input_too_long");
  }
}

function isAnswered(stored: readonly Evidence[], tier: number, deepTier: number): boolean {
  return tier < deepTier ? stored.some((one) => one.tier === tier) : isComplete(stored);
}

function partOf(itemId: string, tier: number): string {
  return `${itemId} ${String(tier)}`;
}

function codeOf(outcome: Extract<TierOutcome, { kind: "transient" | "interrupted" }>): string {
  return outcome.kind === "transient" ? outcome.trouble.code : outcome.kind;
}
