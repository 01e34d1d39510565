import type { BackgroundSpend, TotalsRow } from "../../ledger/records/traffic-sum.ts";
import type { NanoUsd } from "../../catalogue/cost.ts";
import type { ValueInterval } from "../../statistics/normal-interval.ts";
import { studentTQuantile } from "../../statistics/student-t-quantile.ts";
import { sumTraffic, type AllDeepTotals } from "../traffic-totals.ts";
import type { ShadowStratum } from "./shadow-strata.ts";

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
  /** Deep costs of shipped answers, measured on a random part of them; null = not known. */
  readonly shadows: readonly ShadowStratum[] | null;
  readonly spanMs: number;
}

const DAY_MS = 86_400_000;
const MONTH_DAYS = 30n;

export function describeSavings({ rows, spend, shadows, spanMs }: SavingsInput): SavingsReport {
  const { requests, unpricedRequests, allDeep } = sumTraffic(rows);
  if (allDeep === null) return { requests, unpricedRequests, net: null };
  const savedIn = (decision: string): NanoUsd =>
    sumTraffic(rows.filter((row) => row.decision === decision)).allDeep?.savedNanoUsd ?? 0n;
  const escalated = savedIn("escalated");
  const backgroundNanoUsd = spend.costNanoUsd;
  const backgroundIn = (decision: string): NanoUsd =>
    rows.reduce(
      (sum, row) => (row.decision === decision ? sum + row.backgroundCostNanoUsd : sum),
      0n,
    );
  // What an escalation cost more than its deep call is what its triages cost. Background calls are
  // in the sums of the requests they belong to, and are told of by themselves.
  const shipped = savedIn("shipped");
  const other = allDeep.savedNanoUsd - shipped - escalated;
  const ofShipped = backgroundIn("shipped");
  const ofEscalated = backgroundIn("escalated");
  return {
    requests,
    unpricedRequests,
    net: {
      ...allDeep,
      shippedNanoUsd: shipped + ofShipped,
      wastedTriageNanoUsd: -(escalated + ofEscalated),
      backgroundNanoUsd,
      otherNanoUsd: other + backgroundNanoUsd - ofShipped - ofEscalated,
      corrected: correct(rows, allDeep, shadows),
      projectedNanoUsdPerMonth: project(allDeep.savedNanoUsd, spanMs),
    },
  };
}

/**
 * Stratified mean with Student's interval, degrees of freedom by Welch and Satterthwaite (Biometrics
 * Bulletin 2 (1946), 110–114). Unbiased however badly receipts estimate the deep cost of shipped
 * answers; breaks where shadows are no random part of these.
 */
function correct(
  rows: readonly TotalsRow[],
  allDeep: AllDeepTotals,
  strata: readonly ShadowStratum[] | null,
): CorrectedSavings | null {
  const shipped = sumTraffic(rows.filter(({ decision }) => decision === "shipped")).allDeep;
  if (shipped === null || strata === null || strata.length === 0) return null;
  const weight = strata.reduce((sum, { shippedWeight }) => sum + shippedWeight, 0);
  let [meanUsd, variance, freedom] = [0, 0, 0];
  for (const { shippedWeight, meanUsd: mean, effectiveShadows, varianceUsd2 } of strata) {
    const share = shippedWeight / weight;
    const part = (share ** 2 * varianceUsd2) / effectiveShadows;
    meanUsd += share * mean;
    variance += part;
    freedom += part ** 2 / Math.max(1, effectiveShadows - 1);
  }
  const degrees = freedom === 0 ? 1 : Math.max(1, variance ** 2 / freedom);
  // All that is not the deep cost of shipped answers is known from receipts.
  const known = Number(allDeep.savedNanoUsd - shipped.allDeepNanoUsd) / 1e9;
  const reach = studentTQuantile(0.975, degrees) * shipped.requests * Math.sqrt(variance);
  const savedUsd = known + shipped.requests * meanUsd;
  return {
    savedUsd,
    intervalUsd: { low: savedUsd - reach, high: savedUsd + reach },
    shadows: strata.reduce((sum, { shadows }) => sum + shadows, 0),
  };
}

function project(savedNanoUsd: NanoUsd, spanMs: number): NanoUsd | null {
  if (spanMs < DAY_MS) return null;
  return (savedNanoUsd * MONTH_DAYS * BigInt(DAY_MS)) / BigInt(Math.round(spanMs));
}
