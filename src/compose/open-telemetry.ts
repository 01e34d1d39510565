import { REQUESTED_MODEL } from "../cascade/route.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { LeadsmanConfig } from "../config/config.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Clock } from "../support/clock.ts";
import { observeLedger, type LedgerObserver } from "../telemetry/ledger-observer.ts";
import { createMetrics, type Metrics } from "../telemetry/metrics/create-metrics.ts";

/** What tells of a gateway while it runs. */
export interface OpenTelemetry {
  /** Null when metrics are switched off. */
  readonly metrics: Metrics | null;
  /** The ledger, read along. */
  readonly ledger: Ledger;
}

export interface TelemetryParts {
  readonly config: LeadsmanConfig;
  readonly ledger: Ledger;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** Opens what the configuration asks for. */
export function openTelemetry({
  config,
  ledger,
  catalogue,
  clock,
  onError,
}: TelemetryParts): OpenTelemetry {
  const metrics = config.telemetry.metrics.enabled
    ? createMetrics({
        models: knownModels(config, catalogue),
        routeOf: async (requestId) => (await ledger.request(requestId))?.route ?? null,
        commitTimeoutMs: config.ledger.commitTimeoutMs,
      })
    : null;
  const observers: readonly LedgerObserver[] = metrics === null ? [] : [metrics.observer];
  return { metrics, ledger: observeLedger(ledger, clock, observers, onError) };
}

/** The models that the configuration or the catalogue names: as many as may be labels. */
function knownModels(config: LeadsmanConfig, catalogue: Catalogue): ReadonlySet<string> {
  const named = config.routes.flatMap(({ tiers, candidates = [], judge }) => [
    ...tiers.map(({ model }) => model),
    ...candidates.map(({ model }) => model),
    ...(judge === null ? [] : [judge.model]),
  ]);
  const priced = config.prices.map(({ model }) => model);
  const known = catalogue.models().map(({ id }) => id);
  return new Set([...named, ...priced, ...known].filter((model) => model !== REQUESTED_MODEL));
}
