import type { RouteConfig } from "../config/config.ts";
import type { Ledger, ThresholdVersion } from "../ledger/ledger.ts";
import type { CertificateScope } from "../router/certificate-stands.ts";
import type { Clock } from "../support/clock.ts";
import { createIdSource } from "../support/ids.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";
import { systemRandomBytes } from "../support/system-random.ts";

export interface ThresholdOrder {
  /** As it is configured, without the settings of the ledger. */
  readonly configured: RouteConfig;
  /** From the first tier on; each tier but the last has one. */
  readonly thresholds: readonly number[];
  /** Evidence as JSON; null for a plain setting. */
  readonly certificate: string | null;
  /** Why, for the audit. Not empty. */
  readonly reason: string;
}

/**
 * Writes thresholds into the audit, from the first tier on: a version for each tier, all of one time
 * and with one certificate, since it speaks of all of them together.
 */
export async function changeThresholds(
  ledger: Pick<Ledger, "addThresholdVersion">,
  { configured, thresholds, ...order }: ThresholdOrder,
  clock: Clock,
): Promise<readonly ThresholdVersion[]> {
  const createdAtMs = clock.nowMs();
  const nextId = createIdSource("threshold_", clock, systemRandomBytes);
  const versions = thresholds.map((threshold, tier): ThresholdVersion => {
    const configuredThreshold = configuredThresholdOf(configured, tier);
    const route = configured.name;
    const id = nextId();
    return {
      ...order,
      id,
      route,
      tier,
      threshold,
      configuredThreshold,
      createdAtMs,
      by: "operator",
    };
  });
  for (const version of versions) await ledger.addThresholdVersion(version);
  return versions;
}

/**
 * What a certificate says it was made for, as its member `madeFor`: with other models or another
 * prompt it does not satisfy `requireCertificate`.
 *
 * @param reportedModels of the evidence, one for each tier; null = not known
 */
export function certificateScope(
  { tiers }: RouteConfig,
  reportedModels: readonly (string | null)[],
  promptHash: string | null,
): CertificateScope {
  return { models: tiers.map(({ model }) => model), reportedModels, promptHash };
}

/**
 * Restores what was in force before the newest threshold version, as a new version: the audit only
 * grows. Undone twice, the first change is back. Where tiers were changed together, they are undone
 * together.
 *
 * @returns one version for each tier that was changed
 * @throws LeadsmanError `nothing_to_undo` when the configured value is in force
 */
export async function undoThresholds(
  ledger: Pick<Ledger, "addThresholdVersion" | "thresholdVersions">,
  configured: RouteConfig,
  reason: string,
  clock: Clock,
): Promise<readonly ThresholdVersion[]> {
  configuredThresholdOf(configured, 0);
  const versions = await ledger.thresholdVersions(configured.name);
  const newestMs = versions[0]?.createdAtMs;
  const restored = configured.tiers
    .slice(0, -1)
    .flatMap(({ threshold: given }, tier): Restored[] => {
      const [newest, before] = versions.filter((version) => version.tier === tier);
      const isInForce = newest?.createdAtMs === newestMs && newest?.configuredThreshold === given;
      if (!isInForce || given === null) return [];
      const isKept = before?.configuredThreshold === given;
      return [isKept ? before : { tier, threshold: given, certificate: null }];
    });
  if (restored.length === 0) {
    throw new LeadsmanError(
      "nothing_to_undo",
      `No threshold version of ${configured.name} is in force; its configured value is.`,
    );
  }
  const createdAtMs = clock.nowMs();
  const nextId = createIdSource("threshold_", clock, systemRandomBytes);
  const written = restored.map(({ tier, threshold, certificate }): ThresholdVersion => {
    const configuredThreshold = configuredThresholdOf(configured, tier);
    const whatAndWhy = { tier, threshold, certificate, reason, configuredThreshold };
    const route = configured.name;
    return { ...whatAndWhy, id: nextId(), route, createdAtMs, by: "operator" };
  });
  for (const version of written) await ledger.addThresholdVersion(version);
  return written;
}

type Restored = Pick<ThresholdVersion, "tier" | "threshold" | "certificate">;

/** @throws LeadsmanError `usage` for a tier without a threshold */
function configuredThresholdOf({ name, tiers }: RouteConfig, tier: number): number {
  const threshold = tiers[tier]?.threshold ?? null;
  if (threshold !== null) return threshold;
  const which = tier === 0 ? "has one tier and so" : `has at tier ${String(tier + 1)}`;
  throw new LeadsmanError("usage", `Route ${name} ${which} no threshold.`);
}
