import { isJsonObject } from "../support/json.ts";

/** What is promised of a route. */
export interface WatchedPromise {
  readonly target: "joint" | "selective" | "relative";
  /** Share, 0–1. */
  readonly atMost: number;
}

/** Where the limit of the detectors comes from, for whoever asks. */
export interface AllowedError {
  /** Allowed share of wrong answers among those that ship. */
  readonly atMost: number;
  readonly from: "promise" | "promise_over_certified_coverage" | "promise_taken_strictly";
}

/** A looser limit would not be watched by anything: half of what ships being wrong is no promise. */
const MOST = 0.5;
/** Nothing is watched for never being wrong: that would alarm at the first error. */
const LEAST = 0.000_1;

/**
 * The share of what ships that may be wrong. A `selective` promise says so itself. One over all
 * requests allows more, the fewer ship: its rate divided by the coverage that was certified with the
 * threshold. Without a certificate that coverage is not known, and the rate itself is taken, which is
 * stricter than the promise and so alarms early, never late.
 *
 * Under a `relative` promise every wrong answer counts, also where the deep model would be wrong too:
 * stricter again.
 *
 * @param certificate as `leadsman tune --apply` writes it; null = none
 */
export function allowedError(
  { target, atMost }: WatchedPromise,
  certificate: string | null,
): AllowedError {
  const limit = Math.max(LEAST, Math.min(MOST, atMost));
  if (target === "selective") return { atMost: limit, from: "promise" };
  const coverage = certificate === null ? null : certifiedCoverage(certificate);
  if (coverage === null) return { atMost: limit, from: "promise_taken_strictly" };
  return { atMost: Math.min(MOST, limit / coverage), from: "promise_over_certified_coverage" };
}

/**
 * Share of requests that ship at the certified thresholds, of all tiers together; null when the
 * certificate is silent.
 */
function certifiedCoverage(certificate: string): number | null {
  const parsed = parsedOrNull(certificate);
  if (!isJsonObject(parsed)) return null;
  const { shareShipped, shipShares } = parsed;
  const coverage = Array.isArray(shipShares)
    ? shipShares.reduce((sum: number, share: unknown) => sum + Number(share), 0)
    : shareShipped;
  return typeof coverage === "number" && coverage > 0 && coverage <= 1 ? coverage : null;
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
