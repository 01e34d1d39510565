import type { Alert, AlertRule } from "../../ledger/records/alert.ts";
import type { AlertEvent } from "./notification.ts";

const RULE_TITLES: Readonly<Record<AlertRule, string>> = {
  false_confident: "Confident answers are wrong",
  escalation_storm: "Escalation storm",
  confidence_drift: "Confidence has drifted",
  cost: "Requests cost too much",
  latency: "Requests take too long",
  judge_agreement: "The judge agrees less with people",
  lowering_proved: "A lower threshold is proved",
};

const MAX_TEXT = 200;
/** 2001. */
const EARLIEST_MS = 1_000_000_000_000;

/** What is wrong and where, or that it is over, on one line. */
export function titleOf({ rule, route, subject, isExercise }: Alert, event: AlertEvent): string {
  const where = subject === null ? route : `${route}, ${shortText(subject)}`;
  const mark = isExercise ? "EXERCISE: " : "";
  const end = event === "resolved" ? "Resolved: " : "";
  return `${mark}${end}${RULE_TITLES[rule]} (${where})`;
}

/** Since when, or from when to when; UTC. */
export function timeOf(alert: Alert, event: AlertEvent): string {
  const start = timeText(alert.openedAtMs);
  const { openedAtMs, resolvedAtMs } = alert;
  if (event === "opened" || resolvedAtMs === null) return `since ${start}`;
  return `from ${start} to ${timeText(resolvedAtMs)} (${durationText(resolvedAtMs - openedAtMs)})`;
}

/** `2026-11-30 21:40:56 UTC` */
export function timeText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function durationText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return "less than a minute";
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

export interface FactLine {
  readonly name: string;
  readonly value: string;
}

/**
 * The numbers of an alert in words. `x` with `xLow` and `xHigh` is one line with its interval; what
 * has `rate`, `share`, `confidence` or `atMost` in its name is a share of one; `Ms` and `Usd` are units.
 */
export function factLines({ facts }: Pick<Alert, "facts">): readonly FactLine[] {
  const ends = new Set(
    Object.keys(facts).flatMap((name) =>
      hasInterval(facts, name) ? [`${name}Low`, `${name}High`] : [],
    ),
  );
  return Object.entries(facts).flatMap(([name, value]) =>
    value === null || ends.has(name) ? [] : [{ name: words(name), value: valueText(facts, name) }],
  );
}

function hasInterval(facts: Alert["facts"], name: string): boolean {
  return [name, `${name}Low`, `${name}High`].every((key) => typeof facts[key] === "number");
}

function valueText(facts: Alert["facts"], name: string): string {
  const value = plainValue(name, facts[name] ?? null);
  if (!hasInterval(facts, name)) return value;
  const [low, high] = [`${name}Low`, `${name}High`].map((key) =>
    plainValue(name, facts[key] ?? null),
  );
  return `${value} (interval ${low ?? ""} to ${high ?? ""})`;
}

function plainValue(name: string, value: string | number | boolean | null): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return shortText(String(value));
  // No duration is that long.
  if (/Ms$/.test(name) && value > EARLIEST_MS) return timeText(value);
  if (/Ms$/.test(name)) return `${rounded(value)} ms`;
  if (/Usd$/.test(name)) return `$${rounded(value)}`;
  if (/rate|share|confidence|atMost/i.test(name)) return `${(value * 100).toFixed(1)} %`;
  return rounded(value);
}

/** Four significant digits, whole numbers in full. */
function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

/** `escalationRateBefore` → `escalation rate before`, without the unit that the value shows. */
function words(name: string): string {
  return name
    .replace(/(AtMs|Ms|Usd)$/, "")
    .replaceAll(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
}

/** One line of bounded length: tasks are named by clients, and control characters are not for us. */
export function shortText(text: string, maxLength: number = MAX_TEXT): string {
  const line = text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").replaceAll(TURNING_MARKS, "");
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).toWellFormed()}…`;
}

const TURNING_MARKS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** The alert in the API of this gateway; null where nobody said how people reach it. */
export function linkTo({ id }: Pick<Alert, "id">, gatewayUrl: string | null): string | null {
  return gatewayUrl === null
    ? null
    : `${gatewayUrl}/_leadsman/api/v1/alerts/${encodeURIComponent(id)}`;
}
