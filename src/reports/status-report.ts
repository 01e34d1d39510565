import type { RequestRecord, ShadowPair } from "../cascade/receipt.ts";
import type { Ledger, Page, RequestFilter } from "../ledger/ledger.ts";
import type { BackgroundSpend, TrafficSum } from "../ledger/records/traffic-sum.ts";
import { describeLatency, type PathLatency } from "./latency-report.ts";
import { describeShadow, type ShadowReport } from "./shadow-report.ts";
import { describeStanding, type StatusRoute, type StandingReport } from "./standing-report.ts";
import { sumTraffic, type TrafficTotals } from "./traffic-totals.ts";

export interface StatusOptions {
  /** Inclusive, epoch milliseconds; widened to the start of its UTC hour. */
  readonly fromMs: number;
  /** Exclusive; widened to the end of its UTC hour. */
  readonly toMs: number;
  /** Only this route; default all, and what no route took. */
  readonly route?: string;
  /** Routes as they are in force; of these it is told how they stand. Default: none. */
  readonly inForce?: readonly StatusRoute[];
}

/** How things stand: what became of requests, what they cost, how long they took. */
export interface StatusReport {
  /** Whole UTC hours, because totals are kept by the hour. */
  readonly fromMs: number;
  readonly toMs: number;
  /** An answer among the newest records was made up by a simulation. */
  readonly isSimulated: boolean;
  readonly total: TrafficReport;
  /** By name; requests that no route took come last, under null. */
  readonly routes: readonly RouteReport[];
  /** How many of the newest records latencies and triages are taken from. */
  readonly newestRecords: number;
  /** The newest records are all there are in the time. */
  readonly isComplete: boolean;
}

export interface TrafficReport extends TrafficTotals {
  /** From the newest records. */
  readonly latency: readonly PathLatency[];
}

export interface RouteReport extends TrafficReport {
  readonly route: string | null;
  /** Modes that requests were treated in. */
  readonly modes: readonly string[];
  /** Null when nothing was asked in the background. */
  readonly shadow: ShadowReport | null;
  /** Null when the route is not configured any more. */
  readonly standing: StandingReport | null;
}

/**
 * Latencies and triages are read from so many of the newest records; sums from all. Enough for a 95th
 * percentile, and one page of the ledger, so that looking is quick however much there is.
 */
export const NEWEST_RECORDS = 1_000;

const HOUR_MS = 3_600_000;

type StatusReader = Pick<
  Ledger,
  "trafficSums" | "requests" | "pairs" | "backgroundSpend" | "answerCounts" | "jobCounts"
>;

/** Reads the ledger once; every sum in the report is a sum of the receipts in its time. */
export async function buildStatusReport(
  ledger: StatusReader,
  options: StatusOptions,
): Promise<StatusReport> {
  const { route } = options;
  const fromMs = Math.floor(options.fromMs / HOUR_MS) * HOUR_MS;
  const toMs = Math.ceil(options.toMs / HOUR_MS) * HOUR_MS;
  const filter: RequestFilter = { fromMs, toMs, ...(route === undefined ? {} : { route }) };
  const rows = await ledger.trafficSums(filter);
  const newest = await ledger.requests(filter, NEWEST_RECORDS);
  const pairs = await ledger.pairs(filter, NEWEST_RECORDS);
  const isComplete = newest.next === null && pairs.next === null;
  const routes: RouteReport[] = [];
  for (const name of routeNames(rows)) {
    const spend = name === null ? NOTHING_SPENT : await spendBetween(ledger, name, fromMs, toMs);
    const settings = options.inForce?.find((one) => one.name === name);
    const standing =
      settings === undefined
        ? null
        : await describeStanding(ledger, settings, { fromMs, toMs }, options.toMs);
    routes.push({
      ...describeRoute(name, { rows, newest, pairs, spend, isComplete }),
      standing,
    });
  }
  return {
    fromMs,
    toMs,
    isSimulated: newest.rows.some(isSimulated),
    total: { ...sumTraffic(rows), latency: describeLatency(newest.rows) },
    routes,
    newestRecords: newest.rows.length,
    isComplete: newest.next === null,
  };
}

export function isSimulated({ attempts }: RequestRecord): boolean {
  return attempts.some((attempt) => attempt.isSimulated);
}

const NOTHING_SPENT: BackgroundSpend = { costNanoUsd: 0n, unpricedAttempts: 0 };

/** The newest records of a time, at most `NEWEST_RECORDS`. */
export async function newestRecords(
  ledger: Pick<Ledger, "requests">,
  filter: RequestFilter,
): Promise<readonly RequestRecord[]> {
  return (await ledger.requests(filter, NEWEST_RECORDS)).rows;
}

/**
 * The ledger sums from a time on; what lies between two times is the difference. Of an hour that is
 * in it in part, all counts, as it does in the totals.
 */
export async function spendBetween(
  ledger: Pick<Ledger, "backgroundSpend">,
  route: string,
  fromMs: number,
  toMs: number,
): Promise<BackgroundSpend> {
  const since = await ledger.backgroundSpend(route, fromMs);
  const after = await ledger.backgroundSpend(route, Math.ceil(toMs / HOUR_MS) * HOUR_MS);
  return {
    costNanoUsd: since.costNanoUsd - after.costNanoUsd,
    unpricedAttempts: since.unpricedAttempts - after.unpricedAttempts,
  };
}

function routeNames(rows: readonly TrafficSum[]): readonly (string | null)[] {
  const names = new Set(rows.map(({ route }) => route));
  const hasUnrouted = names.delete(null);
  const named = [...names].filter((name) => name !== null).toSorted();
  return hasUnrouted ? [...named, null] : named;
}

interface RouteEvidence {
  readonly rows: readonly TrafficSum[];
  readonly newest: Page<RequestRecord>;
  readonly pairs: Page<ShadowPair>;
  readonly spend: BackgroundSpend;
  readonly isComplete: boolean;
}

function describeRoute(
  route: string | null,
  evidence: RouteEvidence,
): Omit<RouteReport, "standing"> {
  const { spend, isComplete } = evidence;
  const rows = evidence.rows.filter((row) => row.route === route);
  const records = evidence.newest.rows.filter((record) => record.route === route);
  const pairs = evidence.pairs.rows.filter((pair) => pair.route === route);
  return {
    route,
    modes: [...new Set(rows.flatMap(({ mode }) => mode ?? []))].toSorted(),
    ...sumTraffic(rows),
    latency: describeLatency(records),
    shadow: describeShadow({ records, pairs, spend, isComplete }),
  };
}
