import { certificateScope, changeThresholds } from "../compose/change-thresholds.ts";
import type { LeadsmanConfig } from "../config/config.ts";
import { formatConfidence } from "../reports/format-number.ts";
import { systemClock } from "../support/clock.ts";
import type { OpenedLedger } from "./read-ledger.ts";
import type { RouteTuning } from "./read-tuning.ts";

type ConfiguredRoute = LeadsmanConfig["routes"][number];

export const TAKEN_OVER = "A running gateway takes this over within 2 seconds.";

/** The thresholds that were certified, from the first tier on; null = none. */
export function certifiedThresholds(tuning: RouteTuning): readonly number[] | null {
  if (tuning.kind === "more_tiers") return tuning.report.thresholds;
  const { threshold } = tuning.report;
  return threshold === null ? null : [threshold];
}

/** Writes certified thresholds with their certificate into the audit, and says so in a sentence. */
export async function applyTuning(
  ledger: OpenedLedger,
  configured: ConfiguredRoute,
  tuning: RouteTuning,
  thresholds: readonly number[],
  reason: string,
): Promise<string> {
  const certificate = JSON.stringify(
    tuning.kind === "more_tiers"
      ? certificateOfTiers(configured, tuning)
      : certificateOfOne(configured, tuning),
  );
  await changeThresholds(ledger, { configured, thresholds, certificate, reason }, systemClock);
  const all = thresholds.map(formatConfidence).join(" and ");
  return `Applied threshold ${all}. ${TAKEN_OVER}`;
}

/** What the audit keeps of the evidence, and what the certificate speaks about. */
function certificateOfOne(
  configured: ConfiguredRoute,
  { report }: Extract<RouteTuning, { kind: "two_tiers" }>,
): object {
  const { goal, threshold, candidates, labelledRows, sample, promise, looks } = report;
  const candidate = candidates.find((one) => one.threshold === threshold);
  const { cheapModel = null, deepModel = null, promptHash = null } = sample.stratum ?? {};
  const madeFor = certificateScope(configured, [cheapModel, deepModel], promptHash);
  return { promise, ...goal, madeFor, labelledRows, ...candidate, sample, looks };
}

function certificateOfTiers(
  configured: ConfiguredRoute,
  { report }: Extract<RouteTuning, { kind: "more_tiers" }>,
): object {
  const { goal, thresholds, candidates, labelledRows, pilotRows, sample, promise, looks } = report;
  const candidate = candidates.find((one) => one.thresholds === thresholds);
  const { strata } = sample;
  const models = [...strata.map((one) => one?.cheapModel ?? null), strata[0]?.deepModel ?? null];
  const madeFor = certificateScope(configured, models, strata[0]?.promptHash ?? null);
  return { promise, ...goal, madeFor, labelledRows, pilotRows, ...candidate, sample, looks };
}
