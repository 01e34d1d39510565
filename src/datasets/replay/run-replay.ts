import type { NanoUsd } from "../../catalogue/cost.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Evidence, Outcome } from "../../ledger/records/evidence.ts";
import { askPatiently, type PatienceOptions, type PatientOutcome } from "./ask-patiently.ts";
import { estimateCost, type EstimateContext } from "./estimate-cost.ts";
import { fitsTier, isComplete } from "./next-tier.ts";
import type { Pace } from "./pace.ts";
import {
  answerEntries,
  labelOf,
  raisePropensity,
  triageEvidence,
  withDeepAnswer,
  type EntryContext,
} from "./replay-entries.ts";
import { tierModelOf, type ReplayRow } from "./replay-row.ts";
import { ReplayTally } from "./replay-tally.ts";
import type { SpendCap } from "./spend-cap.ts";
import type { TierAnswer, TierAsker, Trouble } from "./tier-asker.ts";

/** How a run ended. */
export type ReplayEnd =
  /** All rows were asked; those that upstream could not serve are counted as left out. */
  | { readonly kind: "finished" }
  | { readonly kind: "interrupted" }
  | { readonly kind: "over_budget" }
  /** Upstream refuses in a way that holds for every row, or has failed too often in a row. */
  | { readonly kind: "upstream_refused"; readonly trouble: Trouble }
  | { readonly kind: "upstream_unwell"; readonly trouble: Trouble };

export interface ReplayRunOptions extends Omit<EntryContext, "nowMs"> {
  readonly estimates: EstimateContext;
  /** Rows asked at one time, at least 1. */
  readonly concurrency: number;
  readonly pace: Pace;
  readonly cap: SpendCap;
  readonly patience: Pick<PatienceOptions, "random" | "firstWaitMs">;
  readonly nowMs: () => number;
  /** The user asks to stop: calls in flight may end, no new ones are made. */
  readonly stop: AbortSignal;
  /** Even calls in flight are to end. */
  readonly hurry: AbortSignal;
  readonly onProgress: (progress: ReplayProgress) => void;
}

export interface ReplayProgress {
  /** Rows that are dealt with, whichever way. */
  readonly done: number;
  /** Of these, rows that needed no call. */
  readonly known: number;
  readonly spentNanoUsd: NanoUsd;
  /** How long all workers wait for upstream's limits; 0 = they do not. */
  readonly pausedMs: number;
  /** What was asked in batches and is not booked yet; null when nothing is asked in batches. */
  readonly awaited: AwaitedRequests | null;
}

export interface AwaitedRequests {
  readonly batches: number;
  readonly requests: number;
}

/** What a run came to. */
export interface RunOutcome {
  readonly end: ReplayEnd;
  readonly tally: ReplayTally;
  /** Requests that are still being answered. */
  readonly awaitedRequests: number;
}

type RunLedger = Pick<Ledger, "evidenceOf" | "append">;

/** Rows left out one after the other before it is upstream that is unwell. */
const MOST_LEFT_OUT_IN_A_ROW = 10;

/**
 * Asks all tiers of a route about each row and commits every answer as soon as it is there, so that
 * what was paid for is kept whatever happens. A row that is in the ledger is not asked again; one of
 * which a part is there is asked for the rest.
 *
 * @throws LeadsmanError when the ledger or the files fail
 */
export async function runReplay(
  ledger: RunLedger,
  asker: TierAsker,
  rows: AsyncIterator<ReplayRow>,
  options: ReplayRunOptions,
): Promise<RunOutcome> {
  const run = new ReplayRun(ledger, asker, options);
  const workers = Array.from({ length: options.concurrency }, () => run.work(rows));
  try {
    await Promise.all(workers);
  } catch (error) {
    // The others end their rows, so that no answer under way is lost with the one that failed.
    run.halt({ kind: "interrupted" });
    await Promise.allSettled(workers);
    throw error;
  } finally {
    await rows.return?.();
  }
  return { end: run.end, tally: run.tally, awaitedRequests: 0 };
}

class ReplayRun {
  readonly tally: ReplayTally;
  readonly #ledger: RunLedger;
  readonly #asker: TierAsker;
  readonly #options: ReplayRunOptions;
  readonly #patience: PatienceOptions;
  readonly #deepTier: number;
  #end: ReplayEnd | null = null;
  #done = 0;
  #leftOutInARow = 0;

  constructor(ledger: RunLedger, asker: TierAsker, options: ReplayRunOptions) {
    this.#ledger = ledger;
    this.#asker = asker;
    this.#options = options;
    this.#deepTier = options.deepTier;
    this.tally = new ReplayTally(options.deepTier + 1);
    const { patience, pace, cap, stop } = options;
    this.#patience = { ...patience, pace, cap, stop };
  }

  get end(): ReplayEnd {
    return this.#end ?? { kind: "finished" };
  }

  /** No row is begun any more. The first reason stands. */
  halt(end: ReplayEnd): void {
    this.#end ??= end;
  }

  async work(rows: AsyncIterator<ReplayRow>): Promise<void> {
    while (this.#end === null) {
      if (this.#options.stop.aborted) {
        this.halt({ kind: "interrupted" });
        return;
      }
      const next = await rows.next();
      if (next.done === true) return;
      await this.#replay(next.value);
      // A row that ended the run is still to be asked.
      if (this.#end === null) this.#done += 1;
      this.#tell();
    }
  }

  async #replay(row: ReplayRow): Promise<void> {
    const stored = await this.#ledger.evidenceOf(row.itemId);
    if (isComplete(stored)) {
      this.tally.known += 1;
      this.tally.addComplete(await this.#raised(stored), new Map());
      return;
    }
    const labels = new Map<number, Outcome>();
    const evidence = await this.#askTriages(row, stored, labels);
    if (evidence === null) return;
    const deep = await this.#ask(row, this.#deepTier);
    if (deep === null || deep === "not_eligible") return;
    const whole = evidence.map((one) => withDeepAnswer(one, deep));
    await this.#commit(row, this.#deepTier, deep, whole, labels);
    if (stored.length > 0) this.tally.completed += 1;
    this.tally.addComplete(whole, labels);
  }

  /** @returns null when the row ends here */
  async #askTriages(
    row: ReplayRow,
    stored: readonly Evidence[],
    labels: Map<number, Outcome>,
  ): Promise<readonly Evidence[] | null> {
    const evidence: Evidence[] = [...raisePropensity(stored, this.#options.propensity)];
    const { estimates } = this.#options;
    const requested = row.parsed.value.model;
    const deepModel = tierModelOf(estimates.route, this.#deepTier, requested);
    for (let tier = 0; tier < this.#deepTier; tier += 1) {
      if (stored.some((one) => one.tier === tier) || !fitsTier(row, tier, estimates)) continue;
      const answer = await this.#ask(row, tier);
      if (answer === "not_eligible" && tier > 0) continue;
      if (answer === "not_eligible") this.tally.addNotEligible("input_too_long");
      if (answer === null || answer === "not_eligible") return null;
      const one = triageEvidence(row, tier, answer, deepModel, this.#context());
      await this.#commit(row, tier, answer, [one], labels);
      evidence.push(one);
    }
    return evidence;
  }

  /** @returns null when there is no answer to go on with */
  async #ask(row: ReplayRow, tier: number): Promise<TierAnswer | "not_eligible" | null> {
    const { highNanoUsd } = estimateCost(row, tier, this.#options.estimates);
    const outcome = await askPatiently(
      () => this.#asker.ask(row, tier, this.#options.hurry),
      highNanoUsd,
      this.#patience,
    );
    this.#tell();
    if (outcome.kind === "answered") {
      this.#leftOutInARow = 0;
      return outcome.answer;
    }
    if (outcome.kind === "not_eligible") return "not_eligible";
    this.#giveUp(outcome);
    return null;
  }

  #giveUp(outcome: Exclude<PatientOutcome, { kind: "answered" | "not_eligible" }>): void {
    switch (outcome.kind) {
      case "left_out":
        this.tally.addLeftOut(outcome.trouble.code);
        this.#leftOutInARow += 1;
        if (this.#leftOutInARow < MOST_LEFT_OUT_IN_A_ROW) return;
        this.halt({ kind: "upstream_unwell", trouble: outcome.trouble });
        return;
      case "fatal":
        this.halt({ kind: "upstream_refused", trouble: outcome.trouble });
        return;
      case "over_budget":
        this.halt({ kind: "over_budget" });
        return;
      case "stopped":
        this.halt({ kind: "interrupted" });
    }
  }

  async #commit(
    row: ReplayRow,
    tier: number,
    answer: TierAnswer,
    evidence: readonly Evidence[],
    labels: Map<number, Outcome>,
  ): Promise<void> {
    await this.#ledger.append(answerEntries(row, tier, answer, evidence, this.#context()));
    const label = labelOf(row, answer, this.#options.compare);
    if (label !== null) labels.set(tier, label);
  }

  /** A row of a smaller draw before now belongs to this larger one. */
  async #raised(stored: readonly Evidence[]): Promise<readonly Evidence[]> {
    const raised = raisePropensity(stored, this.#options.propensity);
    if (raised !== stored) {
      await this.#ledger.append(raised.map((evidence) => ({ kind: "evidence", evidence })));
    }
    return raised;
  }

  #context(): EntryContext {
    return { ...this.#options, nowMs: this.#options.nowMs() };
  }

  #tell(): void {
    const { cap, pace, onProgress } = this.#options;
    onProgress({
      done: this.#done,
      known: this.tally.known,
      spentNanoUsd: cap.spentNanoUsd,
      pausedMs: pace.pausedMs(),
      awaited: null,
    });
  }
}
