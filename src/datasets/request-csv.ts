import type { RequestRecord } from "../cascade/receipt.ts";
import type { ExportedRequest } from "./export-requests.ts";

type Cell = string | number | bigint | boolean | null;

/** One row per request; sums over its attempts where there are several. */
const COLUMNS: Readonly<Record<string, (request: ExportedRequest) => Cell>> = {
  id: ({ id }) => id,
  started_at: ({ startedAtMs }) => new Date(startedAtMs).toISOString(),
  route: ({ route }) => route,
  mode: ({ mode }) => mode,
  task: ({ task }) => task,
  requested_model: ({ requestedModel }) => requestedModel,
  decision: ({ decision }) => decision,
  reason: ({ reason }) => reason,
  tier: ({ tier }) => tier,
  model: ({ model }) => model,
  confidence: ({ confidence }) => confidence,
  threshold: ({ threshold }) => threshold,
  is_streaming: ({ isStreaming }) => isStreaming,
  status: ({ status }) => status,
  stop_reason: ({ stopReason }) => stopReason,
  first_byte_ms: ({ firstByteMs }) => (firstByteMs === null ? null : rounded(firstByteMs)),
  latency_ms: ({ latencyMs }) => rounded(latencyMs),
  attempts: ({ attempts }) => attempts.length,
  input_tokens: (request) => sumOf(request, ({ tokens }) => tokens.inputTokens),
  cache_read_tokens: (request) => sumOf(request, ({ tokens }) => tokens.cacheReadTokens),
  cache_write_tokens: (request) =>
    sumOf(request, ({ tokens }) => tokens.cacheWrite5mTokens + tokens.cacheWrite1hTokens),
  output_tokens: (request) => sumOf(request, ({ tokens }) => tokens.outputTokens),
  cost_nano_usd: costOf,
  is_estimated: ({ attempts }) => attempts.some(({ isEstimated }) => isEstimated),
  is_simulated: ({ attempts }) => attempts.some(({ isSimulated }) => isSimulated),
  all_deep_nano_usd: ({ allDeepNanoUsd }) => allDeepNanoUsd,
  all_deep_basis: ({ allDeepBasis }) => allDeepBasis,
  pair_cheap: ({ pair }) => sideOf(pair?.cheap),
  pair_deep: ({ pair }) => sideOf(pair?.deep),
};

/** The first line of the file. */
export function requestCsvHeading(): string {
  return Object.keys(COLUMNS).join(",");
}

/** A request as a line (RFC 4180, without the line end). Empty = not known; unpriced is empty. */
export function requestCsvLine(request: ExportedRequest): string {
  return Object.values(COLUMNS)
    .map((cellOf) => escaped(cellOf(request)))
    .join(",");
}

/** To microseconds: clocks tell more digits than they know. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

function sumOf(
  { attempts }: RequestRecord,
  count: (attempt: RequestRecord["attempts"][number]) => number,
): number {
  return attempts.reduce((sum, attempt) => sum + count(attempt), 0);
}

/** Not known as soon as one attempt is unpriced: a part is not the sum. */
function costOf({ attempts }: RequestRecord): bigint | null {
  let sum = 0n;
  for (const { costNanoUsd } of attempts) {
    if (costNanoUsd === null) return null;
    sum += costNanoUsd;
  }
  return sum;
}

function sideOf(side: { readonly missing: string | null } | undefined): string | null {
  return side === undefined ? null : (side.missing ?? "there");
}

/** A cell that a spreadsheet would take for a formula is led by an apostrophe. */
function escaped(cell: Cell): string {
  if (cell === null) return "";
  const text = String(cell);
  const harmless = typeof cell === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
