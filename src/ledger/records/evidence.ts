import type { EscalationReason, MissingSideReason } from "../../cascade/words.ts";
import type { NanoUsd } from "../../cascade/receipt.ts";

/**
 * What one request, or one row of a data set, can teach about one tier: the answer of a tier that
 * may ship, beside the last tier's answer, and what is known of their being right. Narrow on
 * purpose: texts stay in the bodies, features are worked out when it is written.
 */
export interface Evidence {
  /** The request's id, or the id of an imported item (a hash of its content). */
  readonly itemId: string;
  /**
   * The tier that may ship, from 0, or the number of a candidate (see `candidateTier`); `(itemId,
   * tier)` is unique.
   */
  readonly tier: number;
  /** Position of the last tier, whose answer is the deep one. */
  readonly deepTier: number;
  readonly source: "traffic" | "import";
  /** Name of the data set; null for traffic. */
  readonly dataset: string | null;
  readonly route: string;
  readonly task: string | null;
  /** Epoch milliseconds; of an import, of the import unless its row says better. */
  readonly createdAtMs: number;
  /** Items of one cluster (a session, a template, a repeat) are not independent; null = on its own. */
  readonly cluster: string | null;
  /** Coarse classes of the input, for slices, for example `length:short`. */
  readonly inputClasses: readonly string[];
  /** What the client was given: only shipped, shadowed and escalated items make evidence. */
  readonly decision: "shipped" | "escalated" | "shadowed" | "control" | "imported";
  /**
   * Probability with which this item came to be compared or graded, 0–1; null = unknown (a posted
   * label on a request that nobody drew): shown, never inside a bound.
   */
  readonly propensity: number | null;
  /** Evidence never crosses a change of these three. Null = not known. */
  readonly cheapModel: string | null;
  readonly deepModel: string | null;
  readonly promptHash: string | null;
  /** What the cheap model stated, 0–1; null = none that counts. */
  readonly confidence: number | null;
  /** Why the cheap answer could not ship at any threshold; null when it could. */
  readonly cheapMissing: MissingSideReason | EscalationReason | null;
  readonly deepMissing: MissingSideReason | null;
  readonly cheapCostNanoUsd: NanoUsd | null;
  readonly deepCostNanoUsd: NanoUsd | null;
  readonly cheapLatencyMs: number | null;
  readonly deepLatencyMs: number | null;
  readonly cheap: Outcomes;
  readonly deep: Outcomes;
  /** What the route's comparator says of the two answers; null = not compared. Never means wrong. */
  readonly differs: boolean | null;
}

/** What each kind of grader says of one answer; null = nothing (yet). */
export interface Outcomes {
  readonly label: Outcome | null;
  readonly human: Outcome | null;
  readonly judge: Outcome | null;
}

/**
 * `disputed`: graders of one kind contradict each other. `cannot_tell`: all of one kind who looked
 * could not tell. Both are looked at and undecided: bounds take them for the worse of the two.
 */
export type Outcome = "right" | "wrong" | "disputed" | "cannot_tell";

/** Who says so. `label` is ground truth; `agreement` compares and knows nothing of right or wrong. */
export type GradeSource = "label" | "human" | "judge" | "agreement";

/**
 * One verdict on one answer. Append-only: what a grader takes back is kept, with the time of taking
 * it back. The evidence of the item is brought up to date with it.
 */
export interface Grade {
  readonly id: string;
  readonly itemId: string;
  /** Whose answer: the position of the tier that gave it. Of an agreement: the cheap one's. */
  readonly tier: number;
  readonly by: GradeSource;
  /** `cannot_tell` gives way to whoever can; of an agreement it changes nothing. */
  readonly outcome: "right" | "wrong" | "cannot_tell" | "same" | "differs";
  /** Which person, judge model, comparator or system; for example `judge:claude-sonnet-4-6`. */
  readonly grader: string;
  readonly createdAtMs: number;
  /** Asked a second time to see whether the grader agrees with itself: kept, never folded in. */
  readonly isRepeat: boolean;
  readonly note: string | null;
  /** When the grader took it back; null = it stands. */
  readonly retractedAtMs: number | null;
}

/** Everything of `Evidence` that counts are kept by. */
export type EvidenceKey = Pick<
  Evidence,
  | "tier"
  | "deepTier"
  | "source"
  | "dataset"
  | "route"
  | "task"
  | "inputClasses"
  | "decision"
  | "propensity"
  | "cheapModel"
  | "deepModel"
  | "promptHash"
  | "confidence"
  | "cheapMissing"
  | "deepMissing"
  | "cheap"
  | "deep"
  | "differs"
> & {
  /** Start of the UTC day. */
  readonly dayMs: number;
  /** Whether the items belong to clusters; those must be read one by one for a bound. */
  readonly isClustered: boolean;
  /** Of `gradeLevel`: how early the items come up for grading, from 0 (with all others). */
  readonly gradeLevel: number;
};

/** How many items share one key, and their sums. Kept up to date with every write. */
export interface EvidenceCount {
  readonly key: EvidenceKey;
  readonly items: number;
  /** Items with both costs known; the sums are over them. */
  readonly pricedItems: number;
  readonly cheapCostNanoUsd: NanoUsd;
  readonly deepCostNanoUsd: NanoUsd;
}

/**
 * How many triages stated what, over all traffic and not only over what was graded: the base of
 * selective coverage and of what a threshold costs.
 */
export interface TriageCount {
  /** Start of the UTC day. */
  readonly dayMs: number;
  readonly route: string;
  readonly task: string | null;
  readonly tier: number;
  readonly role: "triage" | "shadow_triage";
  /** As upstream reports it, else as it was asked. */
  readonly model: string;
  readonly promptHash: string | null;
  readonly confidence: number | null;
  /** Why it could not have shipped at any threshold; null when it could. */
  readonly failureCode: string | null;
  readonly triages: number;
  /** Triages with a known price; the sum is over them. */
  readonly pricedTriages: number;
  readonly costNanoUsd: NanoUsd;
}
