import type { DatabaseSync } from "node:sqlite";
import type { CountGatherer } from "../records/count-gatherer.ts";
import type { ApplyEvidence } from "./apply-evidence.ts";

/** Deletions, inside an open transaction. */
export interface ApplyPurge {
  /** @returns how many of at most `limit` were deleted, as of all below */
  bodies(olderThanMs: number, limit: number): number;
  /** Texts that no record of a request and no other data set has a part in. */
  bodiesOf(dataset: string, itemIds: readonly string[]): number;
  /** Evidence, and the verdicts on items that have no other. */
  items(dataset: string, items: readonly DatasetItem[], counts: CountGatherer): number;
  /** Finished work whose last lease ended before this, epoch milliseconds. */
  jobs(endedBeforeMs: number, limit: number): number;
}

/** Item id and tier. */
export type DatasetItem = readonly [itemId: string, tier: number];

/** Pages of purged bodies that one step gives back to the file system; the rest is used again. */
const VACUUM_PAGES = 1_000;

export function createApplyPurge(database: DatabaseSync, evidence: ApplyEvidence): ApplyPurge {
  const bodies = database.prepare(
    "DELETE FROM bodies WHERE rowid IN " +
      "(SELECT rowid FROM bodies WHERE stored_at_ms < ? ORDER BY stored_at_ms LIMIT ?)",
  );
  const bodiesOf = database.prepare(`DELETE FROM bodies WHERE request_id = ? AND ${OF_DATASET}`);
  const gradesOf = database.prepare("DELETE FROM grades WHERE item_id = ?");
  const jobs = database.prepare(
    "DELETE FROM jobs WHERE sequence IN (SELECT sequence FROM jobs WHERE state <> 'waiting' " +
      "AND available_at_ms < ? ORDER BY available_at_ms LIMIT ?)",
  );
  const vacuum = (): void => {
    database.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`);
  };
  return {
    bodies: (olderThanMs, limit) => {
      const { changes } = bodies.run(olderThanMs, limit);
      vacuum();
      return Number(changes);
    },
    bodiesOf: (dataset, itemIds) => {
      let deleted = 0;
      for (const itemId of itemIds) deleted += Number(bodiesOf.run(itemId, dataset).changes);
      vacuum();
      return deleted;
    },
    items: (dataset, items, counts) => {
      let deleted = 0;
      for (const [itemId, tier] of items) {
        const left = evidence.remove(itemId, tier, dataset, counts);
        if (left === null) continue;
        deleted += 1;
        if (left === 0) gradesOf.run(itemId);
      }
      vacuum();
      return deleted;
    },
    jobs: (endedBeforeMs, limit) => Number(jobs.run(endedBeforeMs, limit).changes),
  };
}

/**
 * Whether a body belongs to a data set alone, which is the parameter: a request of this ledger may
 * have the same id when its evidence was exported and imported again.
 */
export const OF_DATASET: string =
  "NOT EXISTS (SELECT 1 FROM requests WHERE requests.id = bodies.request_id) AND " +
  "NOT EXISTS (SELECT 1 FROM evidence WHERE evidence.item_id = bodies.request_id " +
  "AND evidence.dataset IS NOT ?)";
