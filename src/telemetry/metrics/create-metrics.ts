import { Registry } from "prom-client";
import type { LedgerObserver } from "../ledger-observer.ts";
import { createModelLabel } from "./model-label.ts";
import { processMetrics } from "./process-metrics.ts";
import { createStandingMetrics, type DoorStats, type MetricSources } from "./standing-metrics.ts";
import { createTrafficMetrics } from "./traffic-metrics.ts";

export interface MetricsOptions {
  /** Names of models that may be a label; all others are `other`. */
  readonly models: ReadonlySet<string>;
  /** Names of the configured routes. */
  readonly routes: readonly string[];
  /** Route of a request or an imported item that is in the ledger; null = none. */
  readonly routeOf: (itemId: string) => Promise<string | null>;
  readonly commitTimeoutMs: number;
}

/** One gateway's metrics, in a registry of their own. */
export interface Metrics {
  readonly observer: LedgerObserver;
  /** The text that Prometheus scrapes, and its content type. */
  render(
    sources: MetricSources,
    door: DoorStats,
  ): Promise<{ readonly text: string; readonly contentType: string }>;
}

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const observer = createTrafficMetrics({
    registry,
    modelLabel: createModelLabel(options.models),
    routes: options.routes,
    routeOf: options.routeOf,
    commitTimeoutMs: options.commitTimeoutMs,
  });
  const standing = createStandingMetrics(registry);
  const ofProcess = processMetrics();
  return {
    observer,
    render: async (sources, door) => {
      await standing.read(sources, door);
      const text = `${await registry.metrics()}\n${await ofProcess.metrics()}`;
      return { text, contentType: registry.contentType };
    },
  };
}
