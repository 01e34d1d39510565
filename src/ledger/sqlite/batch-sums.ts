import type { DatabaseSync } from "node:sqlite";
import { createCountGatherer } from "../records/count-gatherer.ts";
import type { CountGatherer } from "../records/count-gatherer.ts";
import { createTotalsGatherer } from "../records/totals.ts";
import type { TotalsGatherer } from "../records/totals.ts";
import { EVIDENCE_COUNTS, TRIAGE_COUNTS, createAddCounts } from "./add-counts.ts";
import { createAddTotals } from "./add-totals.ts";

/** What one batch adds to every roll-up. */
export interface BatchSums {
  readonly totals: TotalsGatherer;
  readonly triages: CountGatherer;
  readonly evidence: CountGatherer;
}

export function createBatchSums(): BatchSums {
  return {
    totals: createTotalsGatherer(),
    triages: createCountGatherer(),
    evidence: createCountGatherer(),
  };
}

/** Writes the sums of a batch, inside its transaction. */
export function createAddSums(database: DatabaseSync): (sums: BatchSums) => void {
  const addTotals = createAddTotals(database);
  const addTriages = createAddCounts(database, TRIAGE_COUNTS);
  const addEvidence = createAddCounts(database, EVIDENCE_COUNTS);
  return (sums) => {
    addTotals(sums.totals);
    addTriages(sums.triages);
    addEvidence(sums.evidence);
  };
}
