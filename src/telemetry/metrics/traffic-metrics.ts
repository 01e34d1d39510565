import type { Registry } from "prom-client";
import type { Attempt, RequestRecord, ShadowPair, TokenCounts } from "../../cascade/receipt.ts";
import type { LedgerEntry } from "../../ledger/ledger.ts";
import type { Grade } from "../../ledger/records/evidence.ts";
import type { LedgerObserver } from "../ledger-observer.ts";
import { METRIC_BUCKETS, METRICS, NO_ROUTE } from "../metric-names.ts";
import { createDistribution, type Distribution } from "./distribution.ts";
import { createTally, type Tally } from "./tally.ts";
import { upstreamMs } from "./upstream-time.ts";

export interface TrafficMetricsOptions {
  readonly registry: Registry;
  readonly modelLabel: (model: string) => string;
  /** Route of a request or an imported item that is in the ledger; null = none. */
  readonly routeOf: (itemId: string) => Promise<string | null>;
  /** Names of the configured routes. */
  readonly routes: readonly string[];
  /** No client is kept waiting for the ledger for longer. */
  readonly commitTimeoutMs: number;
}

/** Counts what is booked: each request, call, pair and verdict once, as it goes to the ledger. */
export function createTrafficMetrics(options: TrafficMetricsOptions): LedgerObserver {
  const { modelLabel, commitTimeoutMs } = options;
  const meters = createMeters(options.registry);
  const configured = new Set(options.routes);
  // An increase is seen between two values: what rules watch for is 0 before it happens first.
  for (const route of options.routes) {
    meters.unpriced.add(0, route);
    meters.errors.add(0, route, "5xx");
    meters.shadowPairs.add(0, route, "over_budget");
  }

  function countRequest(record: RequestRecord): void {
    const route = record.route ?? NO_ROUTE;
    const { decision, reason, latencyMs, firstByteMs, confidence } = record;
    meters.requests.add(1, route, decision);
    if (record.status >= 400) meters.errors.add(1, route, errorClass(record.status));
    if (record.kind === "other") return;
    if (decision === "escalated") meters.escalations.add(1, route, reason ?? "");
    if (decision === "bypassed") meters.bypasses.add(1, route, reason ?? "");
    meters.requestSeconds.observe(latencyMs / 1000, route);
    if (record.isStreaming && firstByteMs !== null) {
      meters.firstTokenSeconds.observe(firstByteMs / 1000, route);
    }
    if (confidence !== null) meters.confidence.observe(confidence, route);
    let isPriced = true;
    let awaitedNanoUsd = 0;
    for (const attempt of record.attempts) {
      const { role, costNanoUsd } = attempt;
      if (costNanoUsd === null) isPriced = false;
      else if (role === "triage" || role === "answer") awaitedNanoUsd += Number(costNanoUsd);
      countAttempt(attempt, route);
    }
    if (!isPriced) meters.unpriced.add(1, route);
    const { allDeepNanoUsd, allDeepBasis } = record;
    if (allDeepNanoUsd === null || allDeepBasis === null) return;
    meters.baselineCost.add(Number(allDeepNanoUsd), route, allDeepBasis);
    meters.comparableCost.add(awaitedNanoUsd, route);
  }
  function countAttempt(attempt: Attempt, route: string): void {
    const leg = attempt.role;
    const model = modelLabel(attempt.model);
    meters.attempts.add(1, route, leg, model, attempt.outcome);
    meters.attemptSeconds.observe(attempt.latencyMs / 1000, leg, model);
    if (attempt.costNanoUsd !== null) {
      meters.cost.add(Number(attempt.costNanoUsd), route, leg, model);
    }
    for (const [name, type] of TOKEN_TYPES) {
      const count = attempt.tokens[name];
      if (count > 0) meters.tokens.add(count, leg, model, type);
    }
  }
  async function countGrade(grade: Grade, entries: readonly LedgerEntry[]): Promise<void> {
    const route = await findRoute(grade.itemId, entries);
    // Imported items can be of a route that is not configured any more.
    const label = route !== null && configured.has(route) ? route : NO_ROUTE;
    meters.grades.add(1, label, grade.by, grade.outcome);
  }
  async function countLateAttempt(
    requestId: string,
    attempt: Attempt,
    entries: readonly LedgerEntry[],
  ): Promise<void> {
    countAttempt(attempt, (await findRoute(requestId, entries)) ?? NO_ROUTE);
  }
  async function findRoute(
    itemId: string,
    entries: readonly LedgerEntry[],
  ): Promise<string | null> {
    return routeIn(entries) ?? (await options.routeOf(itemId).catch(() => null));
  }
  function countEntry(entry: LedgerEntry, entries: readonly LedgerEntry[]): void {
    switch (entry.kind) {
      case "request":
        countRequest(entry.record);
        break;
      case "attempt":
        void countLateAttempt(entry.requestId, entry.attempt, entries);
        break;
      case "pair":
        countPair(entry.pair);
        break;
      case "grade":
        if (!entry.grade.isRepeat) void countGrade(entry.grade, entries);
        break;
      default:
    }
  }
  function countPair(pair: ShadowPair): void {
    const outcome = pairOutcome(pair);
    if (outcome !== null) meters.shadowPairs.add(1, pair.route, outcome);
  }
  return {
    appending: (entries) => {
      for (const entry of entries) countEntry(entry, entries);
    },
    appended: (entries, waitMs) => {
      for (const entry of entries) {
        if (entry.kind !== "request" || entry.record.kind === "other") continue;
        const { attempts, latencyMs } = entry.record;
        const ownMs = latencyMs - upstreamMs(attempts, latencyMs);
        meters.overheadSeconds.observe((ownMs + Math.min(waitMs, commitTimeoutMs)) / 1000);
      }
    },
  };
}

type TallyName =
  | "requests"
  | "escalations"
  | "bypasses"
  | "errors"
  | "attempts"
  | "tokens"
  | "cost"
  | "baselineCost"
  | "comparableCost"
  | "unpriced"
  | "grades"
  | "shadowPairs";

type DistributionName =
  "attemptSeconds" | "requestSeconds" | "overheadSeconds" | "firstTokenSeconds" | "confidence";

type Meters = Readonly<Record<TallyName, Tally> & Record<DistributionName, Distribution>>;

const NANO_PER_USD = 1e9;

function createMeters(registry: Registry): Meters {
  const tally = (name: TallyName): Tally => createTally(METRICS[name], registry);
  // Whole nano-dollars add up without error far beyond any bill; parts of dollars do not.
  const money = (name: TallyName): Tally => createTally(METRICS[name], registry, NANO_PER_USD);
  const distribution = (name: DistributionName): Distribution =>
    createDistribution(METRICS[name], METRIC_BUCKETS[name] ?? [], registry);
  return {
    requests: tally("requests"),
    escalations: tally("escalations"),
    bypasses: tally("bypasses"),
    errors: tally("errors"),
    attempts: tally("attempts"),
    tokens: tally("tokens"),
    cost: money("cost"),
    baselineCost: money("baselineCost"),
    comparableCost: money("comparableCost"),
    unpriced: tally("unpriced"),
    grades: tally("grades"),
    shadowPairs: tally("shadowPairs"),
    attemptSeconds: distribution("attemptSeconds"),
    requestSeconds: distribution("requestSeconds"),
    overheadSeconds: distribution("overheadSeconds"),
    firstTokenSeconds: distribution("firstTokenSeconds"),
    confidence: distribution("confidence"),
  };
}

const TOKEN_TYPES: readonly (readonly [keyof TokenCounts, string])[] = [
  ["inputTokens", "input"],
  ["cacheReadTokens", "cache_read"],
  ["cacheWrite5mTokens", "cache_write_5m"],
  ["cacheWrite1hTokens", "cache_write_1h"],
  ["outputTokens", "output"],
];

/** Nginx's number for a client that has left. */
const CLIENT_LEFT = 499;

function errorClass(status: number): string {
  if (status === CLIENT_LEFT) return "client_left";
  return status >= 500 ? "5xx" : "4xx";
}

/** Null while a side is to come. A side that is missing says more than the one that is there. */
function pairOutcome({ cheap, deep }: ShadowPair): string | null {
  if (cheap.missing === "pending" || deep.missing === "pending") return null;
  const missing = [cheap.missing, deep.missing].filter((reason) => reason !== null);
  // That the other side was not fetched follows from what ails the first one.
  return missing.find((reason) => reason !== "other_side_missing") ?? missing[0] ?? "complete";
}

/** What comes with a late call often names its route. */
function routeIn(entries: readonly LedgerEntry[]): string | null {
  for (const entry of entries) {
    if (entry.kind === "pair") return entry.pair.route;
    if (entry.kind === "evidence") return entry.evidence.route;
  }
  return null;
}
