import type { ExerciseNotification } from "../compose/run-exercise.ts";
import type { AlertDelivery, ListedAlert } from "../compose/list-alerts.ts";
import type { ChannelTrial } from "../compose/try-channels.ts";
import { formatTime } from "../reports/format-number.ts";
import type { Paint } from "./paint.ts";
import { printableText } from "./printable-text.ts";

/** An alert in a few lines: what, since when, what was done, who knows. */
export function renderAlert(alert: ListedAlert, paint: Paint): string {
  const { id, rule, route, subject, severity, summary, action, revert, isExercise } = alert;
  const isOver = alert.resolvedAtMs !== null;
  const mark = isOver ? paint.faint("over") : paint.bad(severity === "page" ? "PAGE" : "open");
  const where = [route, ...(subject === null ? [] : [subject])].map(printableText).join(", ");
  const exercise = isExercise ? " (exercise)" : "";
  const lines = [
    `${mark}  ${paint.strong(`${rule} ${where}`)}${exercise}  ${paint.faint(id)}`,
    `  ${printableText(summary)}`,
    `  ${paint.faint(timesOf(alert))}`,
    ...(action === null ? [] : [`  done: ${printableText(action)}`]),
    ...(revert === null ? [] : [`  to take it back: ${printableText(revert)}`]),
    ...(alert.acknowledgedBy === null || alert.acknowledgedAtMs === null
      ? []
      : [
          `  looked at by ${printableText(alert.acknowledgedBy)} since ${formatTime(alert.acknowledgedAtMs)}`,
        ]),
  ];
  const told = alert.deliveries.map(describeDelivery);
  return [...lines, ...(told.length === 0 ? [] : [`  told: ${told.join(", ")}`])].join("\n");
}

function timesOf({ openedAtMs, resolvedAtMs }: ListedAlert): string {
  const start = formatTime(openedAtMs);
  return resolvedAtMs === null ? `since ${start}` : `${start} to ${formatTime(resolvedAtMs)}`;
}

function describeDelivery({ channel, event, state, tries, error }: AlertDelivery): string {
  const what = event === "opened" ? channel : `${channel} of its end`;
  if (state === "done") return what;
  if (state === "given_up") return `${what} not: given up (${error ?? "unknown"})`;
  return `${what} not yet: ${error === null ? "waiting" : `${error} after ${tries} tries`}`;
}

/** How a channel took a message, on a line. */
export function renderTrial(trial: ChannelTrial, paint: Paint): string {
  const { channel, kind, event, outcome, latencyMs } = trial;
  const start = `${channel} (${kind}), ${event}:`;
  if (outcome.kind === "delivered") {
    const status = outcome.status === null ? "" : `, status ${outcome.status}`;
    return `${paint.good("✓")} ${start} delivered in ${latencyMs} ms${status}`;
  }
  const detail = outcome.detail === null ? "" : `: ${printableText(outcome.detail)}`;
  const hint = HINTS[outcome.reason];
  const advice = hint === undefined ? "" : `\n  ${hint}`;
  return `${paint.bad("✗")} ${start} ${outcome.reason}${detail}${advice}`;
}

/** What became of one notification of an exercise, on a line. */
export function renderNotification(told: ExerciseNotification, paint: Paint): string {
  const { channel, event, state, error } = told;
  const start = `${channel}, ${event}:`;
  if (state === "done") return `${paint.good("✓")} ${start} delivered`;
  const why = error === null ? "" : ` (${error})`;
  return state === "given_up"
    ? `${paint.bad("✗")} ${start} given up${why}`
    : `${paint.warning("…")} ${start} not yet${why}, and tried again while a gateway runs`;
}

const HINTS: Readonly<Record<string, string>> = {
  address_refused: "If that is your own network, set alerts.allowPrivate to true.",
  redirect: "Redirects are not followed: write the address that it leads to.",
  status_401: "The receiver does not take the credential in the address.",
  status_403: "The receiver does not take the credential in the address.",
  status_404: "Nobody is at that address: was the webhook deleted?",
  timeout: "The receiver did not answer in 15 s.",
};
