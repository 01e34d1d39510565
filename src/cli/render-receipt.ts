import type { Attempt, Draw, PairSide, RequestRecord, ShadowPair } from "../cascade/receipt.ts";
import {
  formatConfidence,
  formatCount,
  formatDuration,
  formatShare,
} from "../reports/format-number.ts";
import { formatUsdExact } from "../reports/format-usd.ts";
import type { ReceiptReport } from "../reports/receipt-report.ts";
import type { Paint } from "./paint.ts";
import { renderFacts, renderTable } from "./table.ts";

/** A receipt for people: what was decided and why, each call and its cost, the sum. */
export function renderReceipt(report: ReceiptReport, paint: Paint): string {
  const { request } = report;
  const label = report.isSimulated ? `  ${paint.warning("SIMULATED")}` : "";
  const time = new Date(request.startedAtMs).toISOString().replace("T", " ").replace("Z", " UTC");
  const lines = [
    `  ${paint.strong(`receipt ${request.id}`)}${label}`,
    `  ${paint.faint(`${time}  ${describePlace(request)}`)}`,
    "",
    `  ${paint.strong(report.sentence)}`,
    "",
    ...(request.attempts.length === 0 ? [] : [...renderAttempts(report, paint), ""]),
    ...renderFacts(receiptFacts(report), paint),
    ...renderEdits(request.attempts, paint),
  ];
  return lines.join("\n");
}

function describePlace({ route, mode, task, isStreaming, path }: RequestRecord): string {
  const place = route === null ? path : `route ${route}, ${mode ?? "no mode"}`;
  return [
    place,
    ...(task === null ? [] : [`task ${task}`]),
    isStreaming ? "streaming" : "whole",
  ].join(", ");
}

function renderAttempts(report: ReceiptReport, paint: Paint): readonly string[] {
  const { attempts } = report.request;
  const rows = attempts.map((attempt) => [
    attempt.role.replace(/^shadow_.*/, "shadow"),
    attempt.model.replace(/^claude-/, ""),
    describeInput(attempt),
    marked(formatCount(attempt.tokens.outputTokens), attempt),
    attempt.costNanoUsd === null
      ? "unpriced "
      : marked(formatUsdExact(attempt.costNanoUsd), attempt),
    attempt.firstByteMs === null ? "–" : formatDuration(attempt.firstByteMs),
    formatDuration(attempt.latencyMs),
    describeOutcome(attempt),
  ]);
  const sum = [
    paint.strong("sum"),
    "",
    "",
    "",
    paint.strong(marked(describeSum(report), report)),
    "",
    formatDuration(report.request.latencyMs),
    "",
  ];
  return renderTable(ATTEMPT_COLUMNS, [...rows, sum], paint);
}

const ATTEMPT_COLUMNS = [
  { title: "call" },
  { title: "model" },
  { title: "in ", align: "right" },
  { title: "out ", align: "right" },
  { title: "cost ", align: "right" },
  { title: "1st byte", align: "right" },
  { title: "total", align: "right" },
  { title: "end" },
] as const;

/** All input tokens; the kinds of the cache are told apart below the table. */
function describeInput(attempt: Attempt): string {
  const { inputTokens, cacheReadTokens, cacheWrite5mTokens, cacheWrite1hTokens } = attempt.tokens;
  const all = inputTokens + cacheReadTokens + cacheWrite5mTokens + cacheWrite1hTokens;
  return marked(formatCount(all), attempt);
}

/** The blank keeps digits below digits. */
function marked(text: string, { isEstimated }: { readonly isEstimated: boolean }): string {
  return `${text}${isEstimated ? "*" : " "}`;
}

function describeSum({ request, unpricedAttempts, costNanoUsd }: ReceiptReport): string {
  if (unpricedAttempts === request.attempts.length) return "unpriced";
  return `${unpricedAttempts === 0 ? "" : "≥ "}${formatUsdExact(costNanoUsd)}`;
}

function describeOutcome({ outcome, status }: Attempt): string {
  return outcome === "http_error" && status !== null ? `status ${status}` : outcome;
}

function failureFact({ index, failureCode }: Attempt): readonly (readonly [string, string])[] {
  return failureCode === null ? [] : [[`call ${index + 1}`, failureCode]];
}

function receiptFacts(report: ReceiptReport): readonly (readonly [string, string])[] {
  const { request, pair, priceSources } = report;
  // What could not be chosen was no choice.
  const draws = request.draws.filter(({ propensity }) => propensity > 0);
  return [
    ...(report.isEstimated
      ? [["*", "estimated: the call was cut before upstream reported all its tokens"] as const]
      : []),
    ["all-deep", describeAllDeep(report)],
    ...request.attempts.flatMap(failureFact),
    ...request.attempts.flatMap(cacheFact),
    ...(draws.length === 0 ? [] : [["draws", draws.map(describeDraw).join(", ")] as const]),
    ...(pair === null ? [] : [["pair", describePair(pair)] as const]),
    ["prices", priceSources.length === 0 ? "none known" : priceSources.join(", ")],
  ];
}

function describeAllDeep({ allDeep }: ReceiptReport): string {
  if (allDeep === null) return "not known";
  const { allDeepNanoUsd, basis, savedNanoUsd, savedShare } = allDeep;
  const cost = `${formatUsdExact(allDeepNanoUsd)} (${basis})`;
  if (savedNanoUsd === 0n || savedShare === null) return `${cost}: the same`;
  const word = savedNanoUsd < 0n ? "more" : "less";
  return `${cost}: this request cost ${formatShare(Math.abs(savedShare))} ${word}`;
}

function cacheFact({ index, tokens }: Attempt): readonly (readonly [string, string])[] {
  const kinds = [
    [tokens.cacheReadTokens, "read from the cache"],
    [tokens.cacheWrite5mTokens, "written to the cache for 5 minutes"],
    [tokens.cacheWrite1hTokens, "written to the cache for an hour"],
  ] as const;
  const used = kinds.filter(([count]) => count > 0);
  if (used.length === 0) return [];
  const text = used.map(([count, kind]) => `${formatCount(count)} ${kind}`).join(", ");
  return [[`call ${index + 1}`, `of its input tokens ${text}`]];
}

function describeDraw({ purpose, propensity, isChosen }: Draw): string {
  return `${purpose} ${isChosen ? "yes" : "no"} (${+(propensity * 100).toFixed(2)} %)`;
}

function describePair({ cheap, deep }: ShadowPair): string {
  return `cheap ${describeSide(cheap)}, deep ${describeSide(deep)}`;
}

function describeSide({ missing, confidence }: PairSide): string {
  if (missing !== null) return `missing (${missing})`;
  return confidence === null ? "there" : `there at ${formatConfidence(confidence)}`;
}

function renderEdits(attempts: readonly Attempt[], paint: Paint): readonly string[] {
  const edits = attempts.flatMap(({ model, edits: own }) =>
    own.map((edit) => `    ${edit.op} ${edit.member} for ${model}: ${edit.why}`),
  );
  return edits.length === 0
    ? []
    : ["", `  ${paint.faint("edits of the client's request")}`, ...edits];
}
