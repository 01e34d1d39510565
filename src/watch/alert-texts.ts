import type { Alert, AlertRule } from "../ledger/records/alert.ts";
import type { ThresholdMove } from "./control-threshold.ts";
import type { DriftAlarm } from "./drift-watch.ts";
import type { ErrorState } from "./error-watch.ts";
import type { ObjectiveEvent } from "./objective-watch.ts";
import { WHOLE_ROUTE, type StormEvent } from "./storm-watch.ts";
import type { StormSuspect } from "./storm-suspect.ts";
import type { TaskStanding } from "./task-watch.ts";
import type { WatchedRoute } from "./watched-route.ts";

/** What an alert says; the rest is when, where and who. */
export type AlertText = Pick<
  Alert,
  "rule" | "subject" | "severity" | "summary" | "facts" | "action" | "revert"
>;

/** Whose answers an alarm of the error detectors is about, and who says so. */
export interface ErrorSource {
  readonly tier: number;
  readonly by: "truth" | "judge";
  /** Null: all of what the tier ships. */
  readonly task: string | null;
}

/**
 * Null for what truth says of all that the first tier ships; else the parts that differ, such as
 * `judge`, `task:refund` or `tier:2:judge:task:refund`. Tasks have no colon, so no two are the same.
 */
export function errorSubject({ tier, by, task }: ErrorSource): string | null {
  const parts = [
    ...(tier === 0 ? [] : [`tier:${String(tier + 1)}`]),
    ...(by === "judge" ? ["judge"] : []),
    ...(task === null ? [] : [`task:${task}`]),
  ];
  return parts.length === 0 ? null : parts.join(":");
}

/** Of what truth says of a whole tier. */
export function tierSubject(tier: number): string | null {
  return errorSubject({ tier, by: "truth", task: null });
}

const SUSPECTS: Readonly<Record<StormSuspect, string>> = {
  model_errors: "calls to the cheap model fail",
  unreadable_verdicts: "the cheap model's verdicts cannot be read",
  confidence_collapse: "the cheap model is less sure than it was",
  traffic_mix: "more of the work is of a kind that always escalated",
  model_change: "another model answers under the cheap model's name",
  prompt_change: "the prompt changed",
  threshold_raise: "the threshold was raised, so answers that shipped before escalate now",
};

export function stormText(
  { storm }: Pick<WatchedRoute, "storm">,
  event: Extract<StormEvent, { kind: "opened" }>,
): AlertText {
  const { subject, escalated, requests, interval, suspect, sinceMs } = event;
  const what = subject === WHOLE_ROUTE ? "the route" : subject;
  const limit = storm?.rate ?? 0;
  const isBypassed = storm?.policy === "bypass";
  return {
    rule: "escalation_storm",
    subject: subject === WHOLE_ROUTE ? null : subject,
    severity: "page",
    summary:
      `${percent(escalated / requests)} of ${what} escalates ` +
      `(${String(escalated)} of ${String(requests)}, ${percent(interval.low)} to ` +
      `${percent(interval.high)}) since ${timeOf(sinceMs)}; the limit is ${percent(limit)}. ` +
      `Suspected: ${SUSPECTS[suspect]}.`,
    facts: {
      ...{ rate: escalated / requests, rateLow: interval.low, rateHigh: interval.high },
      ...{ limit, requests, escalated, suspect, sinceMs, isBypassed },
    },
    action: isBypassed ? "requests of the class are no longer triaged, but for one in ten" : null,
    revert: null,
  };
}

export function moveText(route: string, tier: number, move: ThresholdMove): AlertText {
  const { direction, from, to, isApplied, evidence } = move;
  const { graded = 0, wrong = 0, atMost = 0 } = evidence;
  const step = `${thresholdWord(from)} to ${thresholdWord(to)}`;
  const why =
    direction === "raise"
      ? `More of what ships is wrong than the ${percent(atMost)} allowed: ` +
        `${String(wrong)} of ${String(graded)} graded since the threshold last moved.`
      : `At ${thresholdWord(to)} at most ${percent(atMost)} of what ships would be wrong, ` +
        `proved by ${String(graded)} graded answers.`;
  const done = isApplied
    ? ` The threshold went from ${step}.`
    : ` The threshold would go from ${step}, and stays.`;
  return {
    rule: direction === "raise" ? "false_confident" : "lowering_proved",
    subject: tierSubject(tier),
    severity: "notice",
    summary: why + done,
    facts: { ...evidence, from, to, isApplied },
    action: isApplied ? `threshold ${step}` : null,
    revert: isApplied ? `leadsman tune ${route} --undo --reason "…"` : null,
  };
}

/** @param before what was done about it already, by the alert that this one takes the place of */
export function errorText(
  { atMost, total, state }: { atMost: number; total: number; state: ErrorState },
  { tier, by }: Pick<ErrorSource, "tier" | "by">,
  before: Pick<Alert, "action" | "revert"> | null,
): AlertText {
  const { graded, wrong, isProved } = state;
  const opinion = by === "judge" ? " This is a judge's opinion, and moves nothing." : "";
  return {
    rule: "false_confident",
    subject: errorSubject({ tier, by, task: null }),
    severity: by === "judge" ? "notice" : "page",
    summary:
      `More of what ships is wrong than the ${percent(atMost)} allowed ` +
      `(${String(wrong)} of all ${String(graded)} graded).${opinion}`,
    facts: { atMost, total, graded, wrong, isProved },
    action: before?.action ?? null,
    revert: before?.revert ?? null,
  };
}

/** A task of which more is wrong than the route allows, while the route as a whole has no alarm. */
export function taskText(
  route: string,
  { tier, atMost }: { tier: number; atMost: number },
  { task, by, graded, wrong }: TaskStanding,
): AlertText {
  const opinion = by === "judge" ? " This is a judge's opinion." : "";
  return {
    ...noticeOf("false_confident"),
    subject: errorSubject({ tier, by, task }),
    summary:
      `In task ${task} more of what ships is wrong than the ${percent(atMost)} allowed ` +
      `(${String(wrong)} of its last ${String(graded)} graded).${opinion} The limit is of the whole ` +
      `route, so no threshold moves. What helps: a route of its own for the task ` +
      `(leadsman tune ${route} --by task says from which threshold on it would hold), or ` +
      `x-leadsman-bypass on its requests.`,
    facts: { task, atMost, recentGraded: graded, recentWrong: wrong },
  };
}

/** Names what stands out, so that nobody has to be told of it as well. */
export function withWorstTask(text: AlertText, worst: TaskStanding | undefined): AlertText {
  if (worst === undefined) return text;
  const { task, graded, wrong } = worst;
  return {
    ...text,
    summary:
      `${text.summary} Worst task: ${task}, ` +
      `${String(wrong)} of its last ${String(graded)} graded are wrong.`,
    facts: { ...text.facts, worstTask: task, worstTaskGraded: graded, worstTaskWrong: wrong },
  };
}

export function driftText({ value, shareBefore }: DriftAlarm): AlertText {
  const what = value === "other" ? "rarer confidences, or none at all," : `confidence ${value}`;
  return {
    ...noticeOf("confidence_drift"),
    summary:
      `The cheap model states ${what} more often than the ${percent(shareBefore)} of before. ` +
      "What a threshold was certified on may no longer hold.",
    facts: { value, shareBefore },
  };
}

export function objectiveText(event: ObjectiveEvent, limit: number): AlertText {
  const { rule, recent, requests } = event;
  return {
    ...noticeOf(rule),
    summary:
      rule === "cost"
        ? `A request costs $${recent.toPrecision(3)} on average over the last ` +
          `${String(requests)}; the objective is $${String(limit)}.`
        : `${percent(recent)} of the last ${String(requests)} requests took longer than ` +
          `${String(limit)} ms; the objective is at most 5 %.`,
    facts: { recent, requests, limit },
  };
}

export function judgeText(
  tier: number,
  { compared, differed, bound }: { compared: number; differed: number; bound: number },
): AlertText {
  return {
    ...noticeOf("judge_agreement"),
    subject: tierSubject(tier),
    summary:
      `The judge differs from people on ${String(differed)} of the last ${String(compared)} ` +
      `answers that both judged; before it was at most ${percent(bound)}.`,
    facts: { compared, differed, bound },
  };
}

function noticeOf(
  rule: AlertRule,
): Pick<AlertText, "rule" | "subject" | "severity" | "action" | "revert"> {
  return { rule, subject: null, severity: "notice", action: null, revert: null };
}

function thresholdWord(threshold: number): string {
  return threshold > 1 ? "never" : String(threshold);
}

function percent(share: number): string {
  return `${String(Number((share * 100).toPrecision(3)))} %`;
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
