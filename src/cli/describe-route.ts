import type { Route, RouteMode, Tier } from "../cascade/route.ts";
import { formatConfidence } from "../reports/format-number.ts";

/** A mode in words: `shadow`, `canary 5%`. */
export function describeMode(mode: RouteMode): string {
  return typeof mode === "string" ? mode : `canary ${Number((mode.canary * 100).toPrecision(9))}%`;
}

/** The mode with what a reader must know about it. */
export function describeModeInForce(
  route: Pick<Route, "mode" | "requireCertificate">,
  isCertified: boolean,
): string {
  const words = describeMode(route.mode);
  if (route.mode === "off" || route.mode === "shadow" || isCertified) return words;
  return `${words} (${route.requireCertificate ? "in shadow until certified" : "uncertified"})`;
}

/** `claude-haiku-4-5 ≥ 0.80 → claude-opus-4-7` */
export function describeTiers(tiers: readonly Tier[]): string {
  return tiers.map((tier) => [tier.model, describeThreshold(tier.threshold)].join("")).join(" → ");
}

function describeThreshold(threshold: number | null): string {
  if (threshold === null) return "";
  return threshold > 1 ? " (never ships)" : ` ≥ ${formatConfidence(threshold)}`;
}
