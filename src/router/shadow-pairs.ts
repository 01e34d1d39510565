import type { Attempt, PairSide, ShadowPair } from "../cascade/receipt.ts";
import type { MissingSideReason } from "../cascade/words.ts";
import { invariant } from "../support/invariant.ts";
import type { Flight } from "./flight.ts";

/** What shall happen beside an answer so that cheap and deep can be compared. */
export interface PairPlan {
  /** Which side the client is being given; the other one is fetched in the background. */
  readonly answered: "cheap" | "deep";
  /** Starts the other side, once the pair as it stands has been committed. */
  afterAnswer(pair: ShadowPair): void;
}

/** The pair when its first side is known. The other is pending, or not worth its money. */
export function beginPair(flight: Flight, plan: PairPlan, answeredBy: Attempt): ShadowPair {
  const here = sideOf(answeredBy);
  const other = missingSide(here.missing === null ? "pending" : "other_side_missing");
  return {
    ...pairHead(flight),
    cheap: plan.answered === "cheap" ? here : other,
    deep: plan.answered === "cheap" ? other : here,
  };
}

/** Whether the second side of a pair is still to be fetched. */
export function isPending(pair: ShadowPair): boolean {
  return pair.cheap.missing === "pending" || pair.deep.missing === "pending";
}

/** The side that an attempt makes: its answer, or why there is none. */
export function sideOf(attempt: Attempt): PairSide {
  const missing = missingReasonOf(attempt);
  return {
    attempt: missing === null ? attempt.index : null,
    missing,
    model: attempt.reportedModel ?? attempt.model,
    confidence: attempt.confidence,
  };
}

export function missingSide(missing: MissingSideReason): PairSide {
  return { attempt: null, missing, model: null, confidence: null };
}

function missingReasonOf(attempt: Attempt): MissingSideReason | null {
  switch (attempt.outcome) {
    case "completed":
      if (attempt.stopReason === "refusal") return "refused";
      return attempt.stopReason === "max_tokens" ? "truncated" : null;
    case "http_error":
      return "http_error";
    case "stream_error":
      return "stream_error";
    case "client_left":
      return "client_left";
    case "aborted":
    case "failed":
      return "failed";
  }
}

function pairHead({ active, draft, environment }: Flight): Omit<ShadowPair, "cheap" | "deep"> {
  invariant(active !== null, "a pair belongs to a route");
  return {
    requestId: draft.head.id,
    route: active.route.name,
    routeVersion: active.versionId,
    createdAtMs: environment.clock.nowMs(),
  };
}
