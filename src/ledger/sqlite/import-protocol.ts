import type { SqlRow } from "../records/sql-value.ts";

/** Items on their way to the thread that stages them, in a form that is cheap to hand over. */
export interface ImportBatch {
  /** Values of `EVIDENCE_COLUMNS`. */
  readonly rows: readonly SqlRow[];
  readonly texts: readonly BatchText[];
  /** All texts one after the other: many small arrays would each be cloned with what they lie in. */
  readonly content: Uint8Array<ArrayBuffer>;
}

export interface BatchText {
  /** Position of its item in the batch. */
  readonly item: number;
  readonly part: string;
  readonly byteLength: number;
}

export type ToImporter =
  | {
      readonly kind: "open";
      readonly path: string;
      readonly stagePath: string;
      readonly nowMs: number;
    }
  | { readonly kind: "stage"; readonly batch: ImportBatch }
  /** Everything has been handed over: it becomes part of the ledger. */
  | { readonly kind: "move" };

export type FromImporter =
  | { readonly kind: "ready" }
  | { readonly kind: "staged" }
  | { readonly kind: "moved"; readonly added: number; readonly known: number }
  | { readonly kind: "failed"; readonly message: string };
