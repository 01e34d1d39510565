import type { TotalsRow, TrafficSum } from "./traffic-sum.ts";
import { ATTEMPT_MEMBERS } from "./attempt-row.ts";
import { REQUEST_COLUMNS } from "./request-row.ts";
import { createRowReader } from "./row-reader.ts";
import type { StoredRow } from "./row-reader.ts";
import type { SqlRow, SqlValue } from "./sql-value.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** What sums are grouped by, next to the time. */
export const TOTALS_WORD_COLUMNS = ["route", "task", "mode", "decision", "reason"] as const;

/** Columns that name a row of table `hourly_totals`. */
export const TOTALS_KEY_COLUMNS: readonly string[] = ["hour_ms", ...TOTALS_WORD_COLUMNS];

/** Columns that name a row of table `daily_totals`, which holds the sums of `hourly_totals`. */
export const DAILY_KEY_COLUMNS: readonly string[] = ["day_ms", ...TOTALS_WORD_COLUMNS];

/** Columns of both tables that are added to, in the order of `sumsToRow`. */
export const TOTALS_SUM_COLUMNS = [
  "requests",
  "unpriced_requests",
  "estimated_requests",
  "cost_nano_usd",
  "all_deep_nano_usd",
  "all_deep_requests",
  "comparable_cost_nano_usd",
  "measured_all_deep_requests",
  "latency_ms_sum",
  "background_cost_nano_usd",
  "background_unpriced_attempts",
  "judge_cost_nano_usd",
  "judge_unpriced_attempts",
] as const;

/** What one or more writes add to a row of `hourly_totals`. */
export interface TotalsSums {
  requests: number;
  unpricedRequests: number;
  estimatedRequests: number;
  costNanoUsd: bigint;
  allDeepNanoUsd: bigint;
  allDeepRequests: number;
  comparableCostNanoUsd: bigint;
  measuredAllDeepRequests: number;
  latencyMsSum: number;
  backgroundCostNanoUsd: bigint;
  backgroundUnpricedAttempts: number;
  judgeCostNanoUsd: bigint;
  judgeUnpricedAttempts: number;
}

/** What the totals of a late attempt depend on. */
export interface RequestState {
  /** Values of `TOTALS_KEY_COLUMNS`. */
  readonly key: SqlRow;
  readonly hasAllDeep: boolean;
  /** The attempts that were there before. */
  readonly attempts: readonly SqlRow[];
}

/** Gathers what a batch adds, so that each row of `hourly_totals` is written once per batch. */
export interface TotalsGatherer {
  addRequest(request: SqlRow, attempts: readonly SqlRow[]): void;
  addLateAttempt(state: RequestState, attempt: SqlRow): void;
  entries(): Iterable<{ readonly key: SqlRow; readonly sums: TotalsSums }>;
}

export function createTotalsGatherer(): TotalsGatherer {
  const gathered = new Map<string, { readonly key: SqlRow; readonly sums: TotalsSums }>();
  const sumsOf = (key: SqlRow): TotalsSums => {
    const name = JSON.stringify(key);
    let entry = gathered.get(name);
    if (entry === undefined) {
      entry = { key, sums: noSums() };
      gathered.set(name, entry);
    }
    return entry.sums;
  };
  return {
    addRequest: (request, attempts) => {
      addRequest(sumsOf(keyOfRequest(request)), request, attempts);
    },
    addLateAttempt: (state, attempt) => {
      addLateAttempt(sumsOf(state.key), state, attempt);
    },
    entries: () => gathered.values(),
  };
}

/** Start of the UTC hour that a moment is in. */
export function hourOf(epochMs: number): number {
  return Math.floor(epochMs / HOUR_MS) * HOUR_MS;
}

/** Start of the UTC day that a moment is in. */
export function dayOf(epochMs: number): number {
  return Math.floor(epochMs / DAY_MS) * DAY_MS;
}

export function sumsToRow(sums: TotalsSums): SqlRow {
  return [
    sums.requests,
    sums.unpricedRequests,
    sums.estimatedRequests,
    sums.costNanoUsd.toString(),
    sums.allDeepNanoUsd.toString(),
    sums.allDeepRequests,
    sums.comparableCostNanoUsd.toString(),
    sums.measuredAllDeepRequests,
    sums.latencyMsSum,
    sums.backgroundCostNanoUsd.toString(),
    sums.backgroundUnpricedAttempts,
    sums.judgeCostNanoUsd.toString(),
    sums.judgeUnpricedAttempts,
  ];
}

export function rowToTotals(row: StoredRow): TotalsRow {
  return { hourMs: createRowReader(row).number("hour_ms"), ...rowToTrafficSum(row) };
}

export function rowToTrafficSum(row: StoredRow): TrafficSum {
  const read = createRowReader(row);
  return {
    route: read.textOrNull("route"),
    task: read.textOrNull("task"),
    mode: read.textOrNull("mode"),
    decision: read.text("decision"),
    reason: read.textOrNull("reason"),
    requests: read.number("requests"),
    unpricedRequests: read.number("unpriced_requests"),
    estimatedRequests: read.number("estimated_requests"),
    costNanoUsd: read.money("cost_nano_usd"),
    allDeepNanoUsd: read.money("all_deep_nano_usd"),
    allDeepRequests: read.number("all_deep_requests"),
    comparableCostNanoUsd: read.money("comparable_cost_nano_usd"),
    measuredAllDeepRequests: read.number("measured_all_deep_requests"),
    latencyMsSum: read.number("latency_ms_sum"),
    backgroundCostNanoUsd: read.money("background_cost_nano_usd"),
  };
}

/** Where the values stand that totals are made of. Looked up once: this runs for every request. */
const REQUEST = {
  startedAtMs: REQUEST_COLUMNS.indexOf("started_at_ms"),
  route: REQUEST_COLUMNS.indexOf("route"),
  task: REQUEST_COLUMNS.indexOf("task"),
  mode: REQUEST_COLUMNS.indexOf("mode"),
  decision: REQUEST_COLUMNS.indexOf("decision"),
  reason: REQUEST_COLUMNS.indexOf("reason"),
  latencyMs: REQUEST_COLUMNS.indexOf("latency_ms"),
  allDeepNanoUsd: REQUEST_COLUMNS.indexOf("all_deep_nano_usd"),
  allDeepBasis: REQUEST_COLUMNS.indexOf("all_deep_basis"),
};
const ATTEMPT = {
  role: ATTEMPT_MEMBERS.indexOf("role"),
  costNanoUsd: ATTEMPT_MEMBERS.indexOf("cost_nano_usd"),
  isEstimated: ATTEMPT_MEMBERS.indexOf("is_estimated"),
};

function keyOfRequest(request: SqlRow): SqlRow {
  return [
    hourOf(Number(request[REQUEST.startedAtMs])),
    at(request, REQUEST.route),
    at(request, REQUEST.task),
    at(request, REQUEST.mode),
    at(request, REQUEST.decision),
    at(request, REQUEST.reason),
  ];
}

function addRequest(sums: TotalsSums, request: SqlRow, attempts: readonly SqlRow[]): void {
  let costNanoUsd = 0n;
  for (const attempt of attempts) {
    const cost = moneyAt(attempt, ATTEMPT.costNanoUsd);
    costNanoUsd += cost ?? 0n;
    addBackground(sums, attempt, cost);
  }
  const allDeepNanoUsd = moneyAt(request, REQUEST.allDeepNanoUsd);
  sums.requests += 1;
  sums.costNanoUsd += costNanoUsd;
  sums.latencyMsSum += Number(request[REQUEST.latencyMs]);
  if (attempts.some(isUnpriced)) sums.unpricedRequests += 1;
  if (attempts.some(isEstimated)) sums.estimatedRequests += 1;
  if (request[REQUEST.allDeepBasis] === "measured") sums.measuredAllDeepRequests += 1;
  if (allDeepNanoUsd !== null) {
    sums.allDeepRequests += 1;
    sums.allDeepNanoUsd += allDeepNanoUsd;
    sums.comparableCostNanoUsd += costNanoUsd;
  }
}

function addLateAttempt(sums: TotalsSums, state: RequestState, attempt: SqlRow): void {
  const cost = moneyAt(attempt, ATTEMPT.costNanoUsd);
  addBackground(sums, attempt, cost);
  if (isUnpriced(attempt) && !state.attempts.some(isUnpriced)) sums.unpricedRequests += 1;
  if (isEstimated(attempt) && !state.attempts.some(isEstimated)) sums.estimatedRequests += 1;
  sums.costNanoUsd += cost ?? 0n;
  if (state.hasAllDeep) sums.comparableCostNanoUsd += cost ?? 0n;
}

const BACKGROUND_ROLES: ReadonlySet<SqlValue> = new Set([
  "shadow_triage",
  "shadow_answer",
  "candidate",
]);

/** Calls that nobody waited for, for the daily caps. */
function addBackground(sums: TotalsSums, attempt: SqlRow, cost: bigint | null): void {
  const role = attempt[ATTEMPT.role];
  const isJudge = role === "judge";
  if (!isJudge && !BACKGROUND_ROLES.has(role ?? null)) return;
  if (cost === null) {
    sums.backgroundUnpricedAttempts += 1;
    if (isJudge) sums.judgeUnpricedAttempts += 1;
    return;
  }
  sums.backgroundCostNanoUsd += cost;
  if (isJudge) sums.judgeCostNanoUsd += cost;
}

function isUnpriced(attempt: SqlRow): boolean {
  return attempt[ATTEMPT.costNanoUsd] === null;
}

function isEstimated(attempt: SqlRow): boolean {
  return attempt[ATTEMPT.isEstimated] === 1;
}

function at(row: SqlRow, position: number): SqlValue {
  return row[position] ?? null;
}

function moneyAt(row: SqlRow, position: number): bigint | null {
  const value = at(row, position);
  return value === null ? null : BigInt(value);
}

function noSums(): TotalsSums {
  return {
    requests: 0,
    unpricedRequests: 0,
    estimatedRequests: 0,
    costNanoUsd: 0n,
    allDeepNanoUsd: 0n,
    allDeepRequests: 0,
    comparableCostNanoUsd: 0n,
    measuredAllDeepRequests: 0,
    latencyMsSum: 0,
    backgroundCostNanoUsd: 0n,
    backgroundUnpricedAttempts: 0,
    judgeCostNanoUsd: 0n,
    judgeUnpricedAttempts: 0,
  };
}
