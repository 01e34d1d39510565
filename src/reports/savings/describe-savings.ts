import type { BackgroundSpend, TotalsRow } from "../../ledger/ledger.ts";
import type { NanoUsd } from "../../catalogue/cost.ts";
import type { ValueInterval } from "../../statistics/normal-interval.ts";
import { savingsEstimate } from "../../statistics/savings-estimate.ts";
import { sumTraffic, type AllDeepTotals } from "../traffic-totals.ts";

/** What was saved against all-deep, and where it went. Sums of receipts. */
export interface SavingsReport {
  readonly requests: number;
  /** Requests with an attempt of unknown price: only their known part is in the sums. */
  readonly unpricedRequests: number;
  /** Null = not known yet: of no request is known what the deep model alone would have cost. */
  readonly net: NetSavings | null;
}

export interface NetSavings extends AllDeepTotals {
  /**
   * `savedNanoUsd` is exactly `shippedNanoUsd` less the two below it and plus `otherNanoUsd`.
   * All-deep cost of shipped answers less the calls that answered them.
   */
  readonly shippedNanoUsd: NanoUsd;
  /** Triages of requests that went deep all the same. */
  readonly wastedTriageNanoUsd: NanoUsd;
  /** Calls nobody waited for: shadows, and the judge where its calls are booked. */
  readonly backgroundNanoUsd: NanoUsd;
  /** Requests that were neither shipped nor escalated, background calls apart. */
  readonly otherNanoUsd: NanoUsd;
  /** The deep cost of shipped answers as shadows measured it; null = not known yet. */
  readonly corrected: CorrectedSavings | null;
  /** `savedNanoUsd` at the same pace over 30 days; null = less than a day to go by. A projection. */
  readonly projectedNanoUsdPerMonth: NanoUsd | null;
}

/** Net savings in dollars with the estimated part held against what shadows measured. */
export interface CorrectedSavings {
  readonly savedUsd: number;
  /** At 95 %, Student's. */
  readonly intervalUsd: ValueInterval;
  /** Shipped answers that the deep model answered too. */
  readonly shadows: number;
}

export interface SavingsInput {
  readonly rows: readonly TotalsRow[];
  readonly spend: BackgroundSpend;
  /** Deep costs of shipped answers, measured on a random part of them. */
  readonly shadowCosts: readonly NanoUsd[];
  readonly spanMs: number;
}

const DAY_MS = 86_400_000;
const MONTH_DAYS = 30n;

export function describeSavings({ rows, spend, shadowCosts, spanMs }: SavingsInput): SavingsReport {
  const { requests, unpricedRequests, allDeep } = sumTraffic(rows);
  if (allDeep === null) return { requests, unpricedRequests, net: null };
  const savedIn = (decision: string): NanoUsd =>
    sumTraffic(rows.filter((row) => row.decision === decision)).allDeep?.savedNanoUsd ?? 0n;
  const escalated = savedIn("escalated");
  const backgroundNanoUsd = spend.costNanoUsd;
  // What an escalation cost more than its deep call is what its triages cost. Background calls are
  // in the sums of the requests they belong to, most of them shipped or shadowed ones.
  const shipped = savedIn("shipped");
  const other = allDeep.savedNanoUsd - shipped - escalated;
  const ofShipped = backgroundOfShipped(rows, backgroundNanoUsd);
  return {
    requests,
    unpricedRequests,
    net: {
      ...allDeep,
      shippedNanoUsd: shipped + ofShipped,
      wastedTriageNanoUsd: -escalated,
      backgroundNanoUsd,
      otherNanoUsd: other + backgroundNanoUsd - ofShipped,
      corrected: correct(rows, allDeep, shadowCosts),
      projectedNanoUsdPerMonth: project(allDeep.savedNanoUsd, spanMs),
    },
  };
}

/** All background calls where nothing was in shadow; none of them where nothing shipped. */
function backgroundOfShipped(rows: readonly TotalsRow[], background: NanoUsd): NanoUsd {
  const hasShipped = rows.some(({ decision }) => decision === "shipped");
  const hasShadowed = rows.some(({ decision }) => decision === "shadowed");
  return hasShipped && !hasShadowed ? background : 0n;
}

function correct(
  rows: readonly TotalsRow[],
  allDeep: AllDeepTotals,
  shadowCosts: readonly NanoUsd[],
): CorrectedSavings | null {
  const shipped = sumTraffic(rows.filter(({ decision }) => decision === "shipped")).allDeep;
  if (shipped === null) return null;
  const booked = Number(shipped.allDeepNanoUsd) / 1e9;
  const predicted = booked / shipped.requests;
  const estimate = savingsEstimate(
    { shippedRows: shipped.requests, predictedDeepCost: booked, cheapCost: 0 },
    shadowCosts.map((cost) => ({ predicted, measured: Number(cost) / 1e9 })),
  );
  if (estimate.interval === null) return null;
  // All that is not the deep cost of shipped answers is known from receipts.
  const known = Number(allDeep.savedNanoUsd) / 1e9 - booked;
  return {
    savedUsd: known + estimate.deepCost,
    intervalUsd: { low: known + estimate.interval.low, high: known + estimate.interval.high },
    shadows: shadowCosts.length,
  };
}

function project(savedNanoUsd: NanoUsd, spanMs: number): NanoUsd | null {
  if (spanMs < DAY_MS) return null;
  return (savedNanoUsd * MONTH_DAYS * BigInt(DAY_MS)) / BigInt(Math.round(spanMs));
}
