/** One step forward of the schema. Steps are never changed once released, and never go back. */
export interface Migration {
  /** Counts up from 1 without gaps. */
  readonly version: number;
  readonly sql: string;
}
