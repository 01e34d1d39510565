/** What a purge of a data set is about. */
export interface PurgeCount {
  /** One per tier that may ship. */
  readonly items: number;
  /** Texts: prompts, answers, right answers. */
  readonly bodies: number;
}

/** What of a ledger can be deleted, and how much of it there is. */
export interface LedgerPurges {
  /** Deletes bodies older than this; returns how many. */
  purgeBodies(olderThanMs: number): Promise<number>;
  /** How many bodies are older than this. */
  bodiesOlderThan(olderThanMs: number): Promise<number>;
  /** What `purgeDataset` would delete. */
  datasetSize(dataset: string): Promise<PurgeCount>;
  /**
   * Deletes the evidence of a data set with the verdicts on it, and bodies that are of nothing else;
   * records of requests, their totals and the audits stay. In steps, between which others write and
   * may see a part of it: a second call ends what was interrupted.
   *
   * @param onStep told how many items are deleted so far
   */
  purgeDataset(dataset: string, onStep?: (deletedItems: number) => void): Promise<PurgeCount>;
  /** Deletes jobs that are done or given up and whose last lease ended before this; how many. */
  purgeJobs(endedBeforeMs: number): Promise<number>;
}
