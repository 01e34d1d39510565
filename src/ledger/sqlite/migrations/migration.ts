import type { DatabaseSync } from "node:sqlite";

/** One step forward of the schema. Steps are never changed once released, and never go back. */
export interface Migration {
  /** Counts up from 1 without gaps. */
  readonly version: number;
  readonly sql: string;
  /** What SQL alone cannot do, in the same transaction, after it. */
  readonly fill?: (database: DatabaseSync) => void;
}
