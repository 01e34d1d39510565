import type { NanoUsd } from "../../catalogue/cost.ts";
import type { EscalationReason, MissingSideReason } from "../../cascade/words.ts";
import type { HttpHeaders } from "../../providers/provider.ts";
import type { ReplayRow } from "./replay-row.ts";

/** What a tier had to say to a row. */
export interface TierAnswer {
  /** As upstream reports it, else as it was asked. */
  readonly model: string;
  /** Of a triage: 0–1; null when none counts. Of the last tier always null. */
  readonly confidence: number | null;
  /** Why there is no answer that could ship or be compared; null when there is one. */
  readonly missing: MissingSideReason | EscalationReason | null;
  /** The answer as a reader would see it; null when there is none. */
  readonly text: string | null;
  /** A message of the API, as it is stored; null when none came. */
  readonly message: string | null;
  readonly costNanoUsd: NanoUsd | null;
  /** Null when nobody waited for it, as in a batch. */
  readonly latencyMs: number | null;
}

/** How asking a tier once ended, and what that cost. */
export type TierOutcome =
  | { readonly kind: "answered"; readonly answer: TierAnswer }
  /** Upstream finds the prompt too long for a triage: the row is none for the route. */
  | { readonly kind: "not_eligible"; readonly costNanoUsd: NanoUsd | null }
  /** It may well work another time. */
  | { readonly kind: "transient"; readonly trouble: Trouble; readonly costNanoUsd: NanoUsd | null }
  /** It will not work for any row: a wrong key, no credit, no such model. */
  | { readonly kind: "fatal"; readonly trouble: Trouble; readonly costNanoUsd: NanoUsd | null }
  /** Closed by us because the run is to stop at once. */
  | { readonly kind: "interrupted"; readonly costNanoUsd: NanoUsd | null };

export interface Trouble {
  /** Short word, such as `rate_limit_error` or `connection_lost`. */
  readonly code: string;
  /** A sentence, upstream's own where it said one. */
  readonly message: string;
  /** What upstream asked us to wait; null when it did not say. */
  readonly retryAfterMs: number | null;
}

/** Asks one tier of a route. Fulfilled where providers are known. */
export interface TierAsker {
  /**
   * Never rejects.
   *
   * @param hurry aborted when even calls in flight are to end at once
   */
  ask(row: ReplayRow, tier: number, hurry: AbortSignal): Promise<TierOutcome>;
}

/** Told of the head of every response, for the sake of rate limits. */
export type HearHead = (status: number, headers: HttpHeaders) => void;
