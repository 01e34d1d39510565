import type { Ledger, ThresholdVersion } from "../ledger/ledger.ts";
import { allowedError, type AllowedError } from "./allowed-error.ts";
import type { StricterBelow } from "./lowering-limit.ts";
import type { WatchedRoute } from "./watched-route.ts";

/** What is in force of a route, by the ledger. */
export interface RouteSettings {
  /** Of the tiers that may ship, from the first on. */
  readonly thresholds: readonly number[];
  /** Id of the newest version of all, in force or not; null = there is none. */
  readonly newestVersion: string | null;
  /** Of the newest version in force; null = none. */
  readonly certificate: string | null;
  /** Thresholds at which the certificate's coverage was certified; the watch may have moved since. */
  readonly coveredAt: readonly number[];
  readonly allowed: AllowedError;
}

export async function readRouteSettings(
  ledger: Pick<Ledger, "thresholdVersions">,
  route: WatchedRoute,
): Promise<RouteSettings> {
  const versions = await ledger.thresholdVersions(route.name);
  const inForce = route.thresholds.map((configured, tier) => {
    const newest = versions.find((version) => version.tier === tier);
    return newest?.configuredThreshold === configured ? newest : null;
  });
  const certificate = inForce[0]?.certificate ?? null;
  const thresholds = route.thresholds.map((configured, i) => inForce[i]?.threshold ?? configured);
  return { newestVersion: versions[0]?.id ?? null, ...certified(route, thresholds, certificate) };
}

/** What is in force once the watch has made these versions, one for each tier. */
export function settingsAfter(
  route: WatchedRoute,
  before: RouteSettings,
  made: readonly ThresholdVersion[],
): RouteSettings {
  const thresholds = made.map(({ threshold }) => threshold);
  return { ...before, ...certified(route, thresholds, made[0]?.certificate ?? null) };
}

function certified(
  { promise }: WatchedRoute,
  thresholds: readonly number[],
  certificate: string | null,
): Omit<RouteSettings, "newestVersion"> {
  const given: unknown = Reflect.get(memberOf(certificate, "coveredAt"), "coveredAt");
  const isGiven = Array.isArray(given) && given.every((one) => typeof one === "number");
  const coveredAt = isGiven ? given : thresholds;
  return { thresholds, certificate, coveredAt, allowed: allowedError(promise, certificate) };
}

/** Below the certified threshold more ships, and what is wrong of it has to keep the promise itself. */
export function stricterBelow(
  { promise }: WatchedRoute,
  { allowed, coveredAt }: Pick<RouteSettings, "allowed" | "coveredAt">,
  tier: number,
): StricterBelow | null {
  const threshold = coveredAt[tier];
  if (allowed.from !== "promise_over_certified_coverage" || threshold === undefined) return null;
  return { threshold, atMost: allowedError(promise, null).atMost };
}

/** Why a version was made, in the audit and in the evidence that it carries. */
export interface MoveReason {
  readonly sequence: number;
  readonly tier: number;
  readonly threshold: number;
  readonly reason: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly isCertified: boolean;
  readonly atMs: number;
}

/**
 * A version for each tier, since a certificate speaks of all thresholds together. What was certified
 * stays so: a stricter threshold ships less, and a looser one has its own proof. Ids follow from the
 * verdict that led here and the tier that moves, so that writing the same twice writes it once.
 */
export function versionsOf(
  route: WatchedRoute,
  { thresholds, certificate, coveredAt }: RouteSettings,
  move: MoveReason,
): readonly ThresholdVersion[] {
  // Nothing is certified of how much ships below.
  const isCovered = move.threshold >= (coveredAt[move.tier] ?? Infinity);
  const coverage = isCovered
    ? { ...memberOf(certificate, "shareShipped"), ...memberOf(certificate, "shipShares") }
    : {};
  const evidence = JSON.stringify({
    ...memberOf(certificate, "madeFor"),
    ...coverage,
    ...(Object.keys(coverage).length === 0 ? {} : { coveredAt }),
    by: "watch",
    certifies: move.isCertified,
    ...move.evidence,
  });
  return route.thresholds.map((configuredThreshold, tier) => ({
    id: `threshold_w${String(move.sequence)}.${String(move.tier)}_${route.name}_${String(tier)}`,
    route: route.name,
    tier,
    threshold: tier === move.tier ? move.threshold : (thresholds[tier] ?? configuredThreshold),
    configuredThreshold,
    createdAtMs: move.atMs,
    reason: move.reason,
    by: "watch",
    certificate: evidence,
  }));
}

function memberOf(certificate: string | null, name: string): object {
  if (certificate === null) return {};
  const parsed: unknown = parsedOrNull(certificate);
  if (typeof parsed !== "object" || parsed === null || !(name in parsed)) return {};
  const value: unknown = Reflect.get(parsed, name);
  return { [name]: value };
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
