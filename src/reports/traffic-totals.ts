import type { NanoUsd } from "../catalogue/cost.ts";
import type { DecisionWord } from "../cascade/words.ts";
import type { TrafficSum } from "../ledger/records/traffic-sum.ts";
import { divideHalfEven } from "./format-usd.ts";
import { observedShare, type ObservedShare } from "./observed-share.ts";

/** What became of requests and what they cost. Sums of receipts, nothing else. */
export interface TrafficTotals {
  readonly requests: number;
  /** Every decision that occurred. */
  readonly decisions: readonly DecisionTotals[];
  /** Escalated, of those that were triaged before anything was answered. */
  readonly escalation: ObservedShare;
  /** Known costs of all attempts of all requests. */
  readonly costNanoUsd: NanoUsd;
  /** Rounded half-even; null without requests. A lower bound when `unpricedRequests` is not 0. */
  readonly costPerRequestNanoUsd: NanoUsd | null;
  /** Requests with an attempt whose price is not known. Their known part is in the sums. */
  readonly unpricedRequests: number;
  /** Requests with an attempt whose tokens upstream did not fully report. */
  readonly estimatedRequests: number;
  /** Null when for no request is known what the deep model alone would have cost. */
  readonly allDeep: AllDeepTotals | null;
  /** Calls of other paths (models, files, batches …): in no other number here. */
  readonly unmeteredCalls: number;
}

export interface DecisionTotals {
  /** One of `DecisionWord`, as the ledger holds it. */
  readonly decision: string;
  readonly requests: number;
  readonly costNanoUsd: NanoUsd;
  /** Most frequent first; empty for decisions without reasons. */
  readonly reasons: readonly { readonly reason: string; readonly requests: number }[];
}

/** Cost held against what the deep model alone would have cost, over the same requests. */
export interface AllDeepTotals {
  /** The requests that are compared: those whose all-deep cost is known. */
  readonly requests: number;
  /** Of them, those that the deep model did answer. The others are estimated from tokens. */
  readonly measuredRequests: number;
  /** What they cost. */
  readonly costNanoUsd: NanoUsd;
  readonly allDeepNanoUsd: NanoUsd;
  /** All-deep less cost; negative when the cascade was dearer. */
  readonly savedNanoUsd: NanoUsd;
  /** Of the all-deep cost; negative when the cascade was dearer; null when that cost is 0. */
  readonly savedShare: number | null;
}

/** Calls of other paths: upstream bills some of them (batches), but nothing here knows how much. */
const UNMETERED: DecisionWord = "forwarded";

/** In the order in which they are shown. */
const DECISION_ORDER: readonly DecisionWord[] = [
  "shipped",
  "escalated",
  "bypassed",
  "control",
  "shadowed",
  "passthrough",
  "abandoned",
];

export function sumTraffic(allRows: readonly TrafficSum[]): TrafficTotals {
  const rows = allRows.filter((row) => row.decision !== UNMETERED);
  const requests = sum(rows, (row) => row.requests);
  const costNanoUsd = sumMoney(rows, (row) => row.costNanoUsd);
  const shipped = sum(of(rows, "shipped"), (row) => row.requests);
  const escalated = sum(of(rows, "escalated"), (row) => row.requests);
  return {
    requests,
    decisions: decisionsIn(rows).map((decision) => sumDecision(decision, of(rows, decision))),
    escalation: observedShare(escalated, shipped + escalated),
    costNanoUsd,
    costPerRequestNanoUsd: requests === 0 ? null : divideHalfEven(costNanoUsd, BigInt(requests)),
    unpricedRequests: sum(rows, (row) => row.unpricedRequests),
    estimatedRequests: sum(rows, (row) => row.estimatedRequests),
    allDeep: sumAllDeep(rows),
    unmeteredCalls: sum(of(allRows, UNMETERED), (row) => row.requests),
  };
}

/** Known words first; a word of a later version is shown behind them rather than dropped. */
function decisionsIn(rows: readonly TrafficSum[]): readonly string[] {
  const found = new Set(rows.map(({ decision }) => decision));
  const known = DECISION_ORDER.filter((decision) => found.delete(decision));
  return [...known, ...[...found].toSorted()];
}

function sumDecision(decision: string, rows: readonly TrafficSum[]): DecisionTotals {
  const byReason = new Map<string, number>();
  for (const { reason, requests } of rows) {
    if (reason !== null) byReason.set(reason, (byReason.get(reason) ?? 0) + requests);
  }
  return {
    decision,
    requests: sum(rows, (row) => row.requests),
    costNanoUsd: sumMoney(rows, (row) => row.costNanoUsd),
    reasons: countsOf(byReason).map(([reason, requests]) => ({ reason, requests })),
  };
}

function sumAllDeep(rows: readonly TrafficSum[]): AllDeepTotals | null {
  const requests = sum(rows, (row) => row.allDeepRequests);
  if (requests === 0) return null;
  const costNanoUsd = sumMoney(rows, (row) => row.comparableCostNanoUsd);
  const allDeepNanoUsd = sumMoney(rows, (row) => row.allDeepNanoUsd);
  return {
    requests,
    measuredRequests: sum(rows, (row) => row.measuredAllDeepRequests),
    costNanoUsd,
    allDeepNanoUsd,
    savedNanoUsd: allDeepNanoUsd - costNanoUsd,
    savedShare: savedShareOf(costNanoUsd, allDeepNanoUsd),
  };
}

/** What was saved against all-deep, of all-deep; negative when it cost more; null when that is 0. */
export function savedShareOf(costNanoUsd: NanoUsd, allDeepNanoUsd: NanoUsd): number | null {
  return allDeepNanoUsd === 0n ? null : 1 - Number(costNanoUsd) / Number(allDeepNanoUsd);
}

/** Largest count first, then by name. */
export function countsOf(counts: ReadonlyMap<string, number>): readonly [string, number][] {
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

function of(rows: readonly TrafficSum[], decision: string): readonly TrafficSum[] {
  return rows.filter((row) => row.decision === decision);
}

function sum(rows: readonly TrafficSum[], value: (row: TrafficSum) => number): number {
  return rows.reduce((total, row) => total + value(row), 0);
}

function sumMoney(rows: readonly TrafficSum[], value: (row: TrafficSum) => NanoUsd): NanoUsd {
  return rows.reduce((total, row) => total + value(row), 0n);
}
