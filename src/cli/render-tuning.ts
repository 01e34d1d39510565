import { formatUsd } from "../reports/format-usd.ts";
import { counted, formatConfidence, formatCount, formatShare } from "../reports/format-number.ts";
import type { TuningCandidate, TuningReport } from "../reports/tune/tuning-report.ts";
import type { LooksCharge } from "../reports/tune/charge-looks.ts";
import type { TaskTuning } from "../reports/tune/task-tuning.ts";
import type { Paint } from "./paint.ts";
import { printableText } from "./printable-text.ts";
import { renderTable } from "./table.ts";

/** What a route's evidence allows to promise, for people. */
export function renderTuning(report: TuningReport, paint: Paint): string {
  const { route, goal, sample, candidates, labelledRows } = report;
  const left = sample.leftOut.map(
    ({ items, sentence }) => `  left out: ${formatCount(items)}, ${sentence}`,
  );
  const table = renderTable(
    COLUMNS,
    candidates.map((row) => cellsOf(row, goal.atMost)),
    paint,
  );
  return [
    `  ${paint.strong(`route ${route}`)}  ${goal.target}, at most ${formatShare(goal.atMost)}, ` +
      `${formatShare(goal.confidence)} confidence`,
    `  ${counted(labelledRows, "labelled row")}, ${formatCount(sample.ungradedItems)} not graded yet`,
    ...undecidedLine(sample.undecided, paint),
    ...left.map(paint.faint),
    ...chargeLine(report.looks, paint),
    "",
    ...(candidates.length === 0 ? [] : [...table, ""]),
    `  ${report.threshold === null ? paint.warning(report.promise) : paint.good(report.promise)}`,
    ...(report.missing === null ? [] : [`  ${report.missing}`]),
  ].join("\n");
}

/** Rows that were looked at and are still open: they count, and on which side. */
function undecidedLine(
  { disputed, cannot_tell: untold }: TuningReport["sample"]["undecided"],
  paint: Paint,
): readonly string[] {
  if (disputed + untold === 0) return [];
  const parts = [
    ...(disputed === 0 ? [] : [`${formatCount(disputed)} on which graders contradict each other`]),
    ...(untold === 0 ? [] : [`${formatCount(untold)} of which nobody could tell`]),
  ];
  return [paint.faint(`  undecided, taken as wrong: ${parts.join(", ")}`)];
}

/** What earlier looks have cost; with nothing left it is said where the promise would be. */
export function chargeLine(
  { sentence, failureProbability }: LooksCharge,
  paint: Paint,
): readonly string[] {
  return sentence === null || failureProbability === 0 ? [] : [paint.warning(`  ${sentence}`)];
}

/** The promise of each task, one line each. */
export function renderTaskTuning({ tasks, sentence }: TaskTuning, paint: Paint): string {
  const rows = tasks.map(({ task, pooled, report, thresholdTogether }) => [
    pooled.length === 0
      ? printableText(task ?? "(no task)")
      : `${printableText(task ?? "")} (${counted(pooled.length, "task")})`,
    formatCount(report.labelledRows),
    report.threshold === null ? "none" : formatConfidence(report.threshold),
    thresholdTogether === null ? "none" : formatConfidence(thresholdTogether),
    report.missing ?? "",
  ]);
  const table = renderTable(TASK_COLUMNS, rows, paint);
  return [`  ${paint.strong("by task")}`, ...table, "", `  ${sentence}`].join("\n");
}

const TASK_COLUMNS = [
  { title: "task" },
  { title: "labelled", align: "right" },
  { title: "threshold", align: "right" },
  { title: "together", align: "right" },
  { title: "" },
] as const;

const COLUMNS = [
  { title: "threshold", align: "right" },
  { title: "wrong/ship", align: "right" },
  { title: "rate (95 %)", align: "right" },
  { title: "bound", align: "right" },
  { title: "" },
  { title: "escalates", align: "right" },
  { title: "" },
  { title: "$/1,000", align: "right" },
  { title: "saves", align: "right" },
  { title: "" },
] as const;

const BAR_WIDTH = 8;

function cellsOf(row: TuningCandidate, atMost: number): readonly string[] {
  const { falseConfidentRate: rate, interval, upperBound, shareShipped, cost } = row;
  const range = `${percent(interval.low)}–${percent(interval.high)}`;
  return [
    formatConfidence(row.threshold),
    `${formatCount(row.wrongRows)}/${formatCount(row.shippedRows)}`,
    rate === null ? "not known yet" : `${percent(rate)} (${range})`,
    upperBound === null ? "" : formatShare(upperBound),
    // A full bar is twice the target, so that the target is in the middle.
    bar((upperBound ?? 1) / (2 * atMost)),
    shareShipped === null ? "not known yet" : formatShare(1 - shareShipped),
    bar(shareShipped === null ? 0 : 1 - shareShipped),
    cost === null ? "not known yet" : formatUsd(BigInt(Math.round(cost.perRequestNanoUsd * 1_000))),
    cost === null ? "" : formatShare(cost.savedShare),
    row.isCertified ? "certified" : "",
  ];
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}

function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH);
  return "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
}
