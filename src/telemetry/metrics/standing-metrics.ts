import { Counter, Gauge, type Registry } from "prom-client";
import type { Route } from "../../cascade/route.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { METRICS, type MetricKey } from "../metric-names.ts";

/** How things stand at the time of a scrape. */
export interface MetricSources {
  /** Routes with the thresholds in force. */
  readonly routes: () => readonly Route[];
  readonly ledger: Pick<Ledger, "health" | "jobCounts" | "alerts">;
  /** How the watch stands over each tier that may ship. */
  readonly watchedTiers: () => Promise<readonly WatchedTier[]>;
  readonly backgroundCalls: () => number;
  readonly commitCounts: () => { readonly late: number; readonly lost: number };
}

/** What the watch over a tier has seen since its threshold last moved. */
export interface WatchedTier {
  readonly route: string;
  readonly tier: number;
  /** Share of what ships that may be wrong, 0–1. */
  readonly allowedWrong: number;
  readonly graded: number;
  readonly wrong: number;
  /** Evidence of more than that, as a share of what raises the threshold, 0–1. */
  readonly alarmShare: number;
}

/** What the gateway's own door says of itself. */
export interface DoorStats {
  readonly inFlight: number;
  readonly inFlightBytes: number;
  readonly refusedByStatus: ReadonlyMap<number, number>;
}

/** Reads how things stand into a registry, right before it is rendered. */
export interface StandingMetrics {
  read(sources: MetricSources, door: DoorStats): Promise<void>;
}

/** More alerts than routes times rules cannot be open; this many are read. */
const MAX_ALERTS = 1_000;

export function createStandingMetrics(registry: Registry): StandingMetrics {
  const gauge = (key: MetricKey): Gauge => new Gauge(options(registry, key));
  const counter = (key: MetricKey): Counter => new Counter(options(registry, key));
  const threshold = gauge("threshold");
  const alertsOpen = gauge("alertsOpen");
  const watched = createWatchGauges(gauge);
  const jobsWaiting = gauge("jobsWaiting");
  const backgroundCalls = gauge("backgroundCalls");
  const inFlight = gauge("inFlight");
  const inFlightBytes = gauge("inFlightBytes");
  const refused = counter("refused");
  const ledgerWritable = gauge("ledgerWritable");
  const ledgerEntries = gauge("ledgerEntries");
  const ledgerBytes = gauge("ledgerBytes");
  const ledgerLate = counter("ledgerLate");
  const ledgerLost = counter("ledgerLost");
  const scrapeErrors = counter("scrapeErrors");

  function readRoutes(routes: readonly Route[]): void {
    threshold.reset();
    for (const { name, tiers } of routes) {
      for (const [tier, { threshold: value }] of tiers.entries()) {
        if (value !== null) threshold.set({ route: name, tier: String(tier) }, value);
      }
    }
  }
  function readDoor(door: DoorStats): void {
    inFlight.set(door.inFlight);
    inFlightBytes.set(door.inFlightBytes);
    refused.reset();
    for (const [status, count] of door.refusedByStatus) {
      refused.inc({ status: String(status) }, count);
    }
  }
  function readHealth({ ledger, backgroundCalls: calls, commitCounts }: MetricSources): void {
    const { isWritable, queuedEntries, queuedBytes, lostEntries } = ledger.health();
    const { late } = commitCounts();
    ledgerWritable.set(isWritable ? 1 : 0);
    ledgerEntries.set(queuedEntries);
    ledgerBytes.set(queuedBytes);
    ledgerLate.reset();
    ledgerLate.inc(late);
    ledgerLost.reset();
    ledgerLost.inc(lostEntries);
    backgroundCalls.set(calls());
  }
  function forget(): void {
    jobsWaiting.reset();
    alertsOpen.reset();
    watched.set([]);
  }
  async function readLedger({ ledger, watchedTiers }: MetricSources): Promise<void> {
    try {
      const jobCounts = await ledger.jobCounts({});
      const alerts = await ledger.alerts({ isOpen: true }, MAX_ALERTS);
      const tiers = await watchedTiers();
      // Emptied and filled in one turn: two scrapes may be under way.
      forget();
      for (const { route, kind, state, jobs } of jobCounts) {
        if (state === "waiting") jobsWaiting.inc({ route, kind }, jobs);
      }
      watched.set(tiers);
      for (const alert of alerts) {
        const { route, rule, severity, isExercise } = alert;
        if (!isExercise) alertsOpen.inc({ route, rule, severity });
      }
    } catch {
      forget();
      scrapeErrors.inc();
    }
  }
  return {
    read: async (sources, door) => {
      readRoutes(sources.routes());
      readDoor(door);
      readHealth(sources);
      await readLedger(sources);
    },
  };
}

function createWatchGauges(gauge: (key: MetricKey) => Gauge): {
  /** In place of what was set before. */
  readonly set: (tiers: readonly WatchedTier[]) => void;
} {
  const gauges = [
    [gauge("watchEvidence"), ({ alarmShare }: WatchedTier) => alarmShare],
    [gauge("watchGraded"), ({ graded }: WatchedTier) => graded],
    [gauge("watchWrong"), ({ wrong }: WatchedTier) => wrong],
    [gauge("watchAllowed"), ({ allowedWrong }: WatchedTier) => allowedWrong],
  ] as const;
  return {
    set: (tiers) => {
      for (const [metric, valueOf] of gauges) {
        metric.reset();
        for (const tier of tiers) {
          metric.set({ route: tier.route, tier: String(tier.tier) }, valueOf(tier));
        }
      }
    },
  };
}

function options(
  registry: Registry,
  key: MetricKey,
): { name: string; help: string; labelNames: string[]; registers: Registry[] } {
  const { name, help, labels } = METRICS[key];
  return { name, help, labelNames: [...labels], registers: [registry] };
}
