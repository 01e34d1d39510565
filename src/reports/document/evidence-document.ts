import type { EvidenceReport, RouteEvidence } from "../evidence/build-evidence-report.ts";
import type { TierReport } from "../evidence/tier-report.ts";
import { counted, formatConfidence, formatCount, formatTime } from "../format-number.ts";
import { confidenceSections } from "./confidence-sections.ts";
import {
  describePromise,
  describeWrong,
  observedCell,
  plainPercent,
  PROMISED_RATE,
  shareCell,
} from "./describe-share.ts";
import type { ReportDocument, ReportPart } from "./report-document.ts";
import { routeSections } from "./route-sections.ts";
import { tierSections } from "./tier-sections.ts";

/** The report in words and tables: for each route its tiers, then what they cost and saved. */
export function evidenceDocument(report: EvidenceReport): ReportDocument {
  const span = `${formatTime(report.fromMs)} to ${formatTime(report.toMs)}`;
  const isSimulated = report.routes.some((route) => route.isSimulated);
  return {
    title: "Leadsman report",
    subtitle: report.routes.length === 0 ? `Nothing was recorded from ${span}.` : span,
    warnings: isSimulated ? ["SIMULATED: answers are made up, prices are the catalogue's."] : [],
    parts: report.routes.flatMap(routeParts),
  };
}

function routeParts(route: RouteEvidence): readonly ReportPart[] {
  const tiers = route.tiers.map((tier) => ({
    title: tierTitle(route, tier),
    facts: tierFacts(tier),
    sections: [...tierSections(tier, tier.examples), ...confidenceSections(tier)],
  }));
  const noEvidence: [string, string][] =
    route.tiers.length === 0
      ? [["evidence", "none yet: nothing was compared or graded, see `leadsman grade`"]]
      : [];
  const whole = {
    title: `Route ${route.route}: money, time, advice`,
    facts: [
      ["requests", formatCount(route.savings.requests)] as const,
      ["mode", route.settings?.mode ?? "configured no longer"] as const,
      ...noEvidence,
    ],
    sections: routeSections(route),
  };
  return [...tiers, whole];
}

function tierTitle({ route, tiers }: RouteEvidence, { key }: TierReport): string {
  const models = `${key.cheapModel ?? "a model not known"} before ${key.deepModel ?? "a model not known"}`;
  return tiers.length === 1
    ? `Route ${route}: ${models}`
    : `Route ${route}, tier ${key.tier}: ${models}`;
}

function tierFacts(tier: TierReport): readonly (readonly [string, string])[] {
  const { threshold, wrongIfShipped, promise, promised, wouldShip, key, items, days } = tier;
  const { target, rate } = tier;
  const evidence = days === null ? "" : `, ${dayOf(days.firstMs)} to ${dayOf(days.lastMs)}`;
  const facts: (readonly [string, string])[] = [
    ["evidence", `${counted(items, "item")} of ${key.source}${evidence}`],
    ["prompt", key.promptHash ?? "not known"],
    ["threshold", threshold === null ? "none in force" : `${formatConfidence(threshold)} in force`],
  ];
  if (wrongIfShipped === null || promise === null) return facts;
  const joint: (readonly [string, string])[] =
    target === "joint" && rate !== null
      ? [["wrong of all", shareCell(rate.share, rate.interval).text]]
      : [];
  return [
    ...facts,
    ["would ship", wouldShip === null ? "–" : observedCell(wouldShip).text],
    ["wrong of shipped", describeWrong(wrongIfShipped)],
    ...joint,
    [
      "promise",
      `at most ${plainPercent(promised.atMost)} ${PROMISED_RATE[target]}: ${describePromise(promise)} ` +
        "(one look; a certificate is made by `leadsman tune`)",
    ],
  ];
}

function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
