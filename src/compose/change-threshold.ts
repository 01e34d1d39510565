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
  readonly threshold: number;
  /** Evidence as JSON; null for a plain setting. */
  readonly certificate: string | null;
  /** Why, for the audit. Not empty. */
  readonly reason: string;
}

/** Writes a threshold of the first tier into the audit; running gateways take it over. */
export async function changeThreshold(
  ledger: Pick<Ledger, "addThresholdVersion">,
  { configured, ...order }: ThresholdOrder,
  clock: Clock,
): Promise<ThresholdVersion> {
  const version: ThresholdVersion = {
    ...order,
    id: createIdSource("threshold_", clock, systemRandomBytes)(),
    route: configured.name,
    tier: 0,
    configuredThreshold: configuredThresholdOf(configured),
    createdAtMs: clock.nowMs(),
    by: "operator",
  };
  await ledger.addThresholdVersion(version);
  return version;
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
 * grows. Undone twice, the first change is back.
 *
 * @throws LeadsmanError `nothing_to_undo` when the configured value is in force
 */
export async function undoThreshold(
  ledger: Pick<Ledger, "addThresholdVersion" | "thresholdVersions">,
  configured: RouteConfig,
  reason: string,
  clock: Clock,
): Promise<ThresholdVersion> {
  const configuredThreshold = configuredThresholdOf(configured);
  const versions = await ledger.thresholdVersions(configured.name);
  const [newest, before] = versions.filter(({ tier }) => tier === 0);
  if (newest?.configuredThreshold !== configuredThreshold) {
    throw new LeadsmanError(
      "nothing_to_undo",
      `No threshold version of ${configured.name} is in force; its configured value is.`,
    );
  }
  const isKept = before?.configuredThreshold === configuredThreshold;
  const { threshold, certificate } = isKept
    ? before
    : { threshold: configuredThreshold, certificate: null };
  return changeThreshold(ledger, { configured, threshold, certificate, reason }, clock);
}

/** @throws LeadsmanError `usage` for a route with one tier */
function configuredThresholdOf({ name, tiers }: RouteConfig): number {
  const threshold = tiers[0]?.threshold ?? null;
  if (threshold !== null) return threshold;
  throw new LeadsmanError("usage", `Route ${name} has one tier and so no threshold.`);
}
