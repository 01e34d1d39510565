import { REQUESTED_MODEL } from "../cascade/route.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { LeadsmanConfig } from "../config/config.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Router } from "../router/router.ts";
import type { Clock } from "../support/clock.ts";
import { observeLedger } from "../telemetry/ledger-observer.ts";
import { createMetrics, type Metrics } from "../telemetry/metrics/create-metrics.ts";
import { openTracing } from "../telemetry/traces/open-tracing.ts";
import { traceRequests } from "../telemetry/traces/trace-headers.ts";

/** What tells of a gateway while it runs. */
export interface OpenTelemetry {
  /** Null when metrics are switched off. */
  readonly metrics: Metrics | null;
  /** The ledger, read along. */
  readonly ledger: Ledger;
  /** A router that takes up the traces of clients. */
  trace(router: Router): Router;
  /** Sends spans that wait. */
  close(): Promise<void>;
}

export interface TelemetryParts {
  readonly config: LeadsmanConfig;
  readonly ledger: Ledger;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/**
 * Opens what the configuration asks for.
 *
 * @throws LeadsmanError `trace_packages_missing`
 */
export async function openTelemetry(parts: TelemetryParts): Promise<OpenTelemetry> {
  const { config, ledger, catalogue, clock, onError } = parts;
  const { metrics: metricsConfig, traces } = config.telemetry;
  const tracing = await openTracing({
    endpoint: traces.endpoint,
    vendorOf: (model) => catalogue.find(model)?.vendor ?? null,
    clock,
    onError,
  });
  const { memory, hasOwnIds } = tracing;
  const metrics = metricsConfig.enabled
    ? createMetrics({
        models: knownModels(config, catalogue),
        routes: config.routes.map(({ name }) => name),
        routeOf: (itemId) => routeOf(ledger, itemId),
        commitTimeoutMs: config.ledger.commitTimeoutMs,
      })
    : null;
  const observers = [tracing.observer, ...(metrics === null ? [] : [metrics.observer])];
  return {
    metrics,
    ledger: observeLedger(ledger, clock, observers, onError),
    trace: (router) => traceRequests(router, { propagates: traces.propagate, hasOwnIds, memory }),
    close: () => tracing.close(),
  };
}

/** Of a request by its record, of an imported item by its evidence. */
async function routeOf(ledger: Ledger, itemId: string): Promise<string | null> {
  const record = await ledger.request(itemId);
  if (record !== null) return record.route;
  return (await ledger.evidenceOf(itemId))[0]?.route ?? null;
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
