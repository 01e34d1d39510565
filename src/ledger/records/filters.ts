export interface RequestFilter {
  /** Inclusive, epoch milliseconds. */
  readonly fromMs?: number;
  /** Exclusive. */
  readonly toMs?: number;
  readonly route?: string;
}

/** Whose evidence is read: that of tiers, or that of candidates, which no tier may count. */
export type EvidenceOf = "tiers" | "candidates";

export interface EvidenceCountFilter extends RequestFilter {
  /** Default `tiers`. */
  readonly of?: EvidenceOf;
}

/** Which items to read. Every member narrows; none = all of the tiers. */
export interface EvidenceFilter extends EvidenceCountFilter {
  readonly task?: string;
  readonly dataset?: string;
  /** Only items whose id begins with this: an imported row is found by the start of its item's id. */
  readonly itemIdPrefix?: string;
  /** Of these items only items of clusters, or only items on their own. */
  readonly isClustered?: boolean;
  /**
   * Only items without a standing verdict of this kind on the cheap answer. `cannot_tell` is one: who
   * could not tell is not asked again.
   */
  readonly lacks?: "label" | "human" | "judge" | "agreement";
  /** Only items whose cheap answer is wrong by the best grader, or that differ, or are disputed. */
  readonly where?: "wrong" | "differs" | "disputed";
  /** Only items of this class of input. */
  readonly inputClass?: string;
  /** At least this confidence. */
  readonly fromConfidence?: number;
  /** Newest first (default), or the most confident first. */
  readonly order?: "newest" | "confidence";
}
