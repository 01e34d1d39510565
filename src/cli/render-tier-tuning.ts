import { formatConfidence, formatCount, formatShare } from "../reports/format-number.ts";
import type { TierCandidate, TierTuningReport } from "../reports/tune/tier-tuning.ts";
import type { Paint } from "./paint.ts";
import { chargeLine } from "./render-tuning.ts";
import { renderTable } from "./table.ts";

/** What the evidence of a route of three tiers or more allows to promise, for people. */
export function renderTierTuning(report: TierTuningReport, paint: Paint): string {
  const { route, goal, sample, candidates, labelledRows, pilotRows } = report;
  const left = [
    ...leftOut(sample.unfitItems, "not answered by every tier, or not drawn alike"),
    ...leftOut(sample.waitingItems, "of days on which not every answer is graded"),
  ];
  const tiers = sample.strata.map((_, tier) => ({
    title: `tier ${String(tier + 1)}`,
    align: "right" as const,
  }));
  const columns = [...tiers, ...COLUMNS];
  return [
    `  ${paint.strong(`route ${route}`)}  ${goal.target}, at most ${formatShare(goal.atMost)}, ` +
      `${formatShare(goal.confidence)} confidence`,
    `  ${formatCount(labelledRows)} labelled items test what the oldest ${formatCount(pilotRows)} chose`,
    ...left.map(paint.faint),
    ...chargeLine(report.looks, paint),
    "",
    ...(candidates.length === 0
      ? []
      : [...renderTable(columns, candidates.map(cellsOf), paint), ""]),
    `  ${report.thresholds === null ? paint.warning(report.promise) : paint.good(report.promise)}`,
    ...(report.missing === null ? [] : [`  ${report.missing}`]),
  ].join("\n");
}

const COLUMNS = [
  { title: "wrong/items", align: "right" },
  { title: "bound", align: "right" },
  { title: "ships", align: "right" },
  { title: "" },
] as const;

function leftOut(items: number, sentence: string): readonly string[] {
  return items === 0 ? [] : [`  left out: ${formatCount(items)}, ${sentence}`];
}

function cellsOf(row: TierCandidate): readonly string[] {
  return [
    ...row.thresholds.map((threshold) => (threshold > 1 ? "never" : formatConfidence(threshold))),
    `${formatCount(row.hits)}/${formatCount(row.trials)}`,
    formatShare(row.upperBound),
    row.shipShares.map(formatShare).join(" + "),
    row.isCertified ? "certified" : "",
  ];
}
