import type { Ledger } from "../../../ledger/ledger.ts";
import type { EstimateContext } from "../estimate-cost.ts";
import type { Pace } from "../pace.ts";
import type { EntryContext } from "../replay-entries.ts";
import type { ReplayRow } from "../replay-row.ts";
import type { ReplayProgress } from "../run-replay.ts";
import type { SpendCap } from "../spend-cap.ts";
import type { BatchSize } from "./open-requests.ts";

/** What a replay in batches works with. */
export interface BatchReplayOptions extends Omit<EntryContext, "nowMs"> {
  readonly estimates: EstimateContext;
  readonly size: BatchSize;
  /** Reads the drawn rows from the beginning. */
  readonly rows: () => AsyncIterable<ReplayRow>;
  /** Finds rows by their ids, drawn or not. */
  readonly rowsOf: (itemIds: ReadonlySet<string>) => Promise<ReadonlyMap<string, ReplayRow>>;
  readonly pace: Pace;
  readonly cap: SpendCap;
  readonly newId: () => string;
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The user asks to stop: nothing new is asked; what is under way stays so. */
  readonly stop: AbortSignal;
  /** Even calls in flight are to end. */
  readonly hurry: AbortSignal;
  readonly onProgress: (progress: ReplayProgress) => void;
}

export type BatchLedger = Pick<Ledger, "evidenceOf" | "append" | "openBatches">;
