import type { Ledger, ThresholdVersion } from "../ledger/ledger.ts";
import { allowedError, type AllowedError } from "./allowed-error.ts";
import type { WatchedRoute } from "./watched-route.ts";

/** What is in force of a route, by the ledger. */
export interface RouteSettings {
  /** Of the tiers that may ship, from the first on. */
  readonly thresholds: readonly number[];
  /** Id of the newest version of all, in force or not; null = there is none. */
  readonly newestVersion: string | null;
  /** Of the newest version in force; null = none. */
  readonly certificate: string | null;
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
  return {
    thresholds: route.thresholds.map((configured, i) => inForce[i]?.threshold ?? configured),
    newestVersion: versions[0]?.id ?? null,
    certificate,
    allowed: allowedError(route.promise, certificate),
  };
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
  { thresholds, certificate }: RouteSettings,
  move: MoveReason,
): readonly ThresholdVersion[] {
  const evidence = JSON.stringify({
    ...memberOf(certificate, "madeFor"),
    ...memberOf(certificate, "shareShipped"),
    ...memberOf(certificate, "shipShares"),
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
