import type { Attempt, RequestRecord } from "../cascade/receipt.ts";
import type { DecisionWord } from "../cascade/words.ts";
import { formatConfidence, formatDuration } from "../reports/format-number.ts";
import { formatUsd } from "../reports/format-usd.ts";
import type { Paint } from "./paint.ts";

/** One request on one line: `✓ shipped · haiku-4-5 0.95 ≥ 0.80 · $0.000556 · 812 ms`. */
export function requestLine(record: RequestRecord, paint: Paint): string {
  const { mark, isQuiet } = MARKS[record.decision];
  const isError = record.status >= 400;
  const word = isError ? `${record.decision} ${record.status}` : record.decision;
  const head = isError ? paint.bad(`✗ ${word}`) : `${mark} ${word}`;
  const isSimulated = record.attempts.some((attempt) => attempt.isSimulated);
  const facts = [
    whatHappened(record),
    showCost(record.attempts),
    formatDuration(record.latencyMs),
    isSimulated ? "SIMULATED" : "",
  ];
  const line = [head, ...facts.filter((fact) => fact !== "")].join(" · ");
  return isQuiet && !isError ? paint.faint(line) : line;
}

/** A shape for each word, so that nothing hangs on colour alone. */
const MARKS: Readonly<Record<DecisionWord, { readonly mark: string; readonly isQuiet: boolean }>> =
  {
    shipped: { mark: "✓", isQuiet: false },
    escalated: { mark: "▲", isQuiet: false },
    shadowed: { mark: "○", isQuiet: false },
    control: { mark: "◇", isQuiet: false },
    bypassed: { mark: "→", isQuiet: true },
    passthrough: { mark: "→", isQuiet: true },
    abandoned: { mark: "✗", isQuiet: true },
    forwarded: { mark: "→", isQuiet: true },
  };

function whatHappened(record: RequestRecord): string {
  const triages = record.attempts.filter(({ role }) => role === "triage").map(describeTriage);
  const answered = record.model ?? record.attempts.findLast(isAnswer)?.model ?? null;
  const isTriageAnswer = record.decision === "shipped";
  const answer = answered === null || isTriageAnswer ? [] : [shortModel(answered)];
  const path = [...triages, ...answer].join(" → ");
  const reason =
    record.reason === null || record.reason === "low_confidence" ? "" : ` (${record.reason})`;
  return path === "" && record.kind === "other" ? record.path : `${path}${reason}`.trim();
}

function describeTriage({ model, confidence, threshold }: Attempt): string {
  const name = shortModel(model);
  if (confidence === null || threshold === null) return name;
  const sign = confidence >= threshold ? "≥" : "<";
  return `${name} ${formatConfidence(confidence)} ${sign} ${formatConfidence(threshold)}`;
}

function isAnswer({ role }: Attempt): boolean {
  return role === "answer";
}

/** Without the vendor's first name and without a date: people know both. */
function shortModel(model: string): string {
  return model.replace(/^claude-/, "").replace(/-\d{8}$/, "");
}

/** The sum of the attempts; "unpriced" as soon as one of them is. */
function showCost(attempts: readonly Attempt[]): string {
  if (attempts.length === 0) return "";
  let sum = 0n;
  for (const { costNanoUsd } of attempts) {
    if (costNanoUsd === null) return "unpriced";
    sum += costNanoUsd;
  }
  const isEstimated = attempts.some((attempt) => attempt.isEstimated);
  return `${formatUsd(sum)}${isEstimated ? " estimated" : ""}`;
}
