import type { NanoUsd } from "../../catalogue/cost.ts";
import type { BypassReason } from "../../cascade/words.ts";
import type { Evidence, Outcome } from "../../ledger/records/evidence.ts";

/** What is known of one tier over the rows of a replay, earlier runs included. */
export interface TierTally {
  readonly tier: number;
  /** As upstream reports it; several when it changed on the way. */
  readonly models: readonly string[];
  readonly answers: number;
  /** Why rows have no answer of this tier that could ship or be compared. */
  readonly missing: Readonly<Record<string, number>>;
  readonly right: number;
  readonly wrong: number;
  readonly disputed: number;
  /** Over rows with a known cost; `pricedRows` counts them. */
  readonly costNanoUsd: NanoUsd;
  readonly pricedRows: number;
  readonly latencyMsSum: number;
  readonly timedRows: number;
}

/** Counts what rows came to. */
export class ReplayTally {
  /** Rows with both sides, from whichever run. */
  complete = 0;
  /** Of these, rows that were in the ledger before. */
  known = 0;
  /** Rows of earlier runs that this one added the missing part to. */
  completed = 0;
  /** Rows that upstream found to be none for the route. */
  readonly notEligible: Partial<Record<BypassReason, number>> = {};
  /** Rows to be asked another time, by the word for what was in the way. */
  readonly leftOut: Record<string, number> = {};
  readonly #tiers: MutableTier[];

  constructor(tierCount: number) {
    this.#tiers = Array.from({ length: tierCount }, (_, tier) => emptyTier(tier));
  }

  get tiers(): readonly TierTally[] {
    return this.#tiers.map(({ names, ...tier }) => ({ ...tier, models: [...names] }));
  }

  get leftOutRows(): number {
    return Object.values(this.leftOut).reduce((sum, count) => sum + count, 0);
  }

  /** Takes a row with both sides. @param labels by tier, where they are not in the evidence yet */
  addComplete(evidence: readonly Evidence[], labels: ReadonlyMap<number, Outcome>): void {
    this.complete += 1;
    for (const one of evidence) {
      const { tier, cheapModel, cheapMissing, cheapCostNanoUsd, cheapLatencyMs, cheap } = one;
      const label = labels.get(tier) ?? cheap.label;
      this.#add(tier, cheapModel, cheapMissing, cheapCostNanoUsd, cheapLatencyMs, label);
    }
    const [first] = evidence;
    if (first === undefined) return;
    const { deepTier, deepModel, deepMissing, deepCostNanoUsd, deepLatencyMs, deep } = first;
    const label = labels.get(deepTier) ?? deep.label;
    this.#add(deepTier, deepModel, deepMissing, deepCostNanoUsd, deepLatencyMs, label);
  }

  addLeftOut(code: string): void {
    this.leftOut[code] = (this.leftOut[code] ?? 0) + 1;
  }

  addNotEligible(reason: BypassReason): void {
    this.notEligible[reason] = (this.notEligible[reason] ?? 0) + 1;
  }

  #add(
    tier: number,
    model: string | null,
    missing: string | null,
    costNanoUsd: NanoUsd | null,
    latencyMs: number | null,
    label: Outcome | null,
  ): void {
    const tally = this.#tiers[tier];
    if (tally === undefined) return;
    if (model !== null) tally.names.add(model);
    if (missing === null) tally.answers += 1;
    else tally.missing[missing] = (tally.missing[missing] ?? 0) + 1;
    // Whether graders disagree or none could tell: it is not decided.
    if (label !== null) tally[label === "cannot_tell" ? "disputed" : label] += 1;
    if (costNanoUsd !== null) {
      tally.costNanoUsd += costNanoUsd;
      tally.pricedRows += 1;
    }
    if (latencyMs === null) return;
    tally.latencyMsSum += latencyMs;
    tally.timedRows += 1;
  }
}

type MutableTier = { -readonly [Name in keyof Omit<TierTally, "models">]: TierTally[Name] } & {
  readonly names: Set<string>;
  readonly missing: Record<string, number>;
};

function emptyTier(tier: number): MutableTier {
  const counts = { answers: 0, right: 0, wrong: 0, disputed: 0, pricedRows: 0, timedRows: 0 };
  return { tier, names: new Set(), missing: {}, costNanoUsd: 0n, latencyMsSum: 0, ...counts };
}
