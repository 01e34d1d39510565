import type { ReplayBatch } from "../../../ledger/records/replay-batch.ts";
import type { ApiError, Message } from "../../../messages/message.ts";
import type { ReplayRow } from "../replay-row.ts";
import type { TierOutcome, Trouble } from "../tier-asker.ts";

/** A row's request as it goes into a batch. */
export interface BatchRequest {
  /** The row's id, which its answer comes back with. */
  readonly itemId: string;
  /** A JSON object: the body of a call that is not streamed. */
  readonly body: Uint8Array;
}

/** What came back for one request of a batch. */
export type BatchAnswer =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "error"; readonly error: ApiError }
  /** It was not asked, or nobody knows; nothing was paid. `code` says why, such as `expired`. */
  | { readonly kind: "none"; readonly code: string };

/** The call did not do what it was for: it may another time, or it never will. */
export type BatchTrouble = { readonly kind: "transient" | "fatal"; readonly trouble: Trouble };

/** How handing a batch over ended. After `transient` and `fatal` upstream does not have it. */
export type CreateOutcome =
  | { readonly kind: "created"; readonly upstreamId: string }
  /** The call broke off: upstream may have it, and would be paid for it. */
  | { readonly kind: "unsure"; readonly trouble: Trouble }
  | BatchTrouble;

/** What a search for a batch found that may have been received. */
export type FindOutcome =
  | { readonly kind: "found"; readonly upstreamId: string }
  /** `trouble` says why it will never receive one; null = it may another time. */
  | { readonly kind: "not_received"; readonly trouble: Trouble | null }
  /** Not to be told yet. */
  | { readonly kind: "undecided" }
  | BatchTrouble;

/** How far a batch is. */
export type LookOutcome =
  | { readonly kind: "under_way" }
  | { readonly kind: "ended" }
  /** Upstream does not know it, or has thrown its answers away. */
  | { readonly kind: "gone" }
  | BatchTrouble;

/** Asks a tier of a route about many rows at once. Fulfilled where providers are known; never rejects. */
export interface BatchAsker {
  /** The configured name of the provider that serves a tier. */
  providerOf(tier: number): string;
  /** What a row's request is for a tier: as a single call would ask it, but for streaming. */
  requestOf(row: ReplayRow, tier: number): Uint8Array;
  create(
    tier: number,
    requests: readonly BatchRequest[],
    hurry: AbortSignal,
  ): Promise<CreateOutcome>;
  find(batch: ReplayBatch, hurry: AbortSignal): Promise<FindOutcome>;
  look(batch: ReplayBatch, hurry: AbortSignal): Promise<LookOutcome>;
  /**
   * Hands over what came back, in any order. Goes on only when `take` is done with an answer.
   *
   * @returns null when all was read
   */
  answers(
    batch: ReplayBatch,
    take: (itemId: string, answer: BatchAnswer) => Promise<void>,
    hurry: AbortSignal,
  ): Promise<BatchTrouble | null>;
  /** Makes of an answer what a single call would have made of it. */
  read(row: ReplayRow, tier: number, answer: BatchAnswer): Promise<TierOutcome>;
  /** Asks upstream to stop; what it has answered by then is paid for. */
  cancel(batch: ReplayBatch, hurry: AbortSignal): Promise<BatchTrouble | null>;
}
