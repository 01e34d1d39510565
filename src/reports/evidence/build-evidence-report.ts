import type { Ledger, RequestFilter } from "../../ledger/ledger.ts";
import type { TotalsRow } from "../../ledger/records/traffic-sum.ts";
import type { EvidenceCount } from "../../ledger/records/evidence.ts";
import { advise, type AdviceReport } from "../advice/advise.ts";
import { adviceFacts } from "../advice/advice-facts.ts";
import type { CandidateReport } from "../candidates/candidate-report.ts";
import { describeCandidates } from "../candidates/route-candidates.ts";
import { describeLatency, type PathLatency } from "../latency-report.ts";
import { describeSavings, type SavingsReport } from "../savings/describe-savings.ts";
import { shadowStrata, type ShadowItem } from "../savings/shadow-strata.ts";
import { isSimulated, newestRecords, spendBetween } from "../status-report.ts";
import { chooseStrata } from "./choose-stratum.ts";
import { findExamples, type Examples } from "./find-examples.ts";
import { readCountedEvidence } from "./read-counted-evidence.ts";
import type { Promised } from "./promise-state.ts";
import { readingStart } from "./reading-start.ts";
import type { ReportedRoute } from "./reported-route.ts";
import { describeTier, type TierReport } from "./tier-report.ts";

export interface EvidenceReportOptions {
  /** Inclusive, epoch milliseconds; evidence is kept by UTC day, totals by UTC hour. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** Only this route; default all. */
  readonly route?: string;
  readonly routes: readonly ReportedRoute[];
  /** Whether examples show the beginnings of stored requests. */
  readonly withTexts: boolean;
  /** Dollars for one grade, for advice. */
  readonly labelUsd: number;
  /** Dollars a month for looking after a cascade, for advice. */
  readonly fixedUsdPerMonth: number;
}

/** What evidence says about each route. */
export interface EvidenceReport {
  readonly fromMs: number;
  readonly toMs: number;
  /** By name. */
  readonly routes: readonly RouteEvidence[];
}

export interface RouteEvidence {
  readonly route: string;
  /** Null = configured no longer. */
  readonly settings: ReportedRoute | null;
  /** An answer among the newest records was made up by a simulation. */
  readonly isSimulated: boolean;
  readonly tiers: readonly (TierReport & { readonly examples: Examples })[];
  readonly savings: SavingsReport;
  /** Of the newest requests. */
  readonly latency: readonly PathLatency[];
  readonly newestRecords: number;
  /** Models that were tried as a middle tier; empty = none. */
  readonly candidates: readonly CandidateReport[];
  readonly advice: AdviceReport;
}

type EvidenceReader = Pick<
  Ledger,
  | "totals"
  | "requests"
  | "backgroundSpend"
  | "evidence"
  | "evidenceCounts"
  | "triageCounts"
  | "thresholdVersions"
  | "body"
>;

/** Reads roll-ups, the newest requests, and single items for examples only. */
export async function buildEvidenceReport(
  ledger: EvidenceReader,
  options: EvidenceReportOptions,
): Promise<EvidenceReport> {
  const { fromMs, toMs, route } = options;
  const filter: RequestFilter = { fromMs, toMs, ...(route === undefined ? {} : { route }) };
  const totals = await ledger.totals(filter);
  const { counts, sameCluster } = await readCountedEvidence(ledger, filter);
  const triages = await ledger.triageCounts(filter);
  const tried = await readCountedEvidence(ledger, { ...filter, of: "candidates" });
  const strata = chooseStrata(counts, sameCluster);
  const routes: RouteEvidence[] = [];
  for (const name of routeNames(
    totals,
    strata.map(({ key }) => key.route),
    route,
  )) {
    const settings = options.routes.find((known) => known.name === name) ?? null;
    const versions = await ledger.thresholdVersions(name);
    const tiers = strata
      .filter(({ key }) => key.route === name)
      .map((stratum) => {
        const threshold = settings?.thresholds[stratum.key.tier] ?? null;
        return describeTier(stratum, triages, {
          threshold,
          readFrom: readingStart(threshold, versions, stratum.key.tier, fromMs),
          target: settings?.target ?? "joint",
          promised: settings?.promised ?? DEFAULT_PROMISE,
        });
      });
    const rows = totals.filter((row) => row.route === name);
    const ofRoute = (count: EvidenceCount): boolean => count.key.route === name;
    const candidates = describeCandidates(
      tried.counts.filter(ofRoute),
      settings,
      settings?.promised ?? DEFAULT_PROMISE,
    );
    const parts = { name, settings, tiers, rows, counts: counts.filter(ofRoute), candidates };
    routes.push(await describeRoute(ledger, options, parts));
  }
  return { fromMs, toMs, routes };
}

const DEFAULT_PROMISE: Promised = { atMost: 0.05, failureProbability: 0.05 };

const HOUR_MS = 3_600_000;

interface RouteParts {
  readonly name: string;
  readonly settings: ReportedRoute | null;
  readonly tiers: readonly TierReport[];
  readonly rows: readonly TotalsRow[];
  readonly counts: readonly EvidenceCount[];
  readonly candidates: readonly CandidateReport[];
}

async function describeRoute(
  ledger: EvidenceReader,
  options: EvidenceReportOptions,
  { name, settings, tiers, rows, counts, candidates }: RouteParts,
): Promise<RouteEvidence> {
  const span = { fromMs: options.fromMs, toMs: options.toMs, route: name };
  const newest = await newestRecords(ledger, span);
  const spanMs = observedSpanMs(rows, options.toMs);
  const savings = describeSavings({
    rows,
    spend: await spendBetween(ledger, name, options.fromMs, options.toMs),
    shadows: shadowStrata(counts, await newestShadows(ledger, span)),
    spanMs,
  });
  const withExamples: RouteEvidence["tiers"][number][] = [];
  for (const tier of tiers) {
    const examples = await findExamples(ledger, span, tier, options.withTexts);
    withExamples.push({ ...tier, examples });
  }
  return {
    route: name,
    settings,
    isSimulated: newest.some(isSimulated),
    tiers: withExamples,
    savings,
    latency: describeLatency(newest),
    newestRecords: newest.length,
    candidates,
    advice: advise(
      adviceFacts(tiers, settings, { ...options, requests: savings.requests, spanMs }, candidates),
    ),
  };
}

/** From the first hour with a request to the end of the report. */
function observedSpanMs(rows: readonly TotalsRow[], toMs: number): number {
  if (rows.length === 0) return 0;
  const firstMs = rows.reduce((first, row) => Math.min(first, row.hourMs), Infinity);
  return Math.max(HOUR_MS, toMs - firstMs);
}

const PAGE_ROWS = 1_000;

/** Newest items that are looked at for how much deep costs scatter. */
const MOST_ITEMS = 5_000;

async function newestShadows(
  ledger: Pick<Ledger, "evidence">,
  span: RequestFilter,
): Promise<readonly ShadowItem[]> {
  const items: ShadowItem[] = [];
  let after: string | undefined;
  for (let read = 0; read < MOST_ITEMS; read += PAGE_ROWS) {
    const page = await ledger.evidence(span, PAGE_ROWS, after);
    items.push(...page.rows);
    if (page.next === null) break;
    after = page.next;
  }
  return items;
}

function routeNames(
  totals: readonly TotalsRow[],
  ofEvidence: readonly string[],
  only: string | undefined,
): readonly string[] {
  const names = new Set([...totals.flatMap(({ route }) => route ?? []), ...ofEvidence]);
  return [...names].filter((name) => only === undefined || name === only).toSorted();
}
