import type { Flight } from "./flight.ts";

/** Who answers, as far as that is known when the head is sent. */
export interface Answerer {
  readonly tier: number | null;
  readonly model: string | null;
}

/** The headers that tell the client what was decided. The cost is in the receipt only. */
export function decisionHeaders(flight: Flight, answerer: Answerer): Record<string, string> {
  const { draft, request } = flight;
  const headers: Record<string, string> = {
    "x-leadsman-id": request.id,
    "x-leadsman-decision": draft.decision,
    "server-timing": serverTiming(flight),
  };
  if (draft.head.route !== null) headers["x-leadsman-route"] = draft.head.route;
  if (draft.head.mode !== null) headers["x-leadsman-mode"] = draft.head.mode;
  if (draft.reason !== null) headers["x-leadsman-reason"] = draft.reason;
  if (answerer.tier !== null) headers["x-leadsman-tier"] = String(answerer.tier);
  if (answerer.model !== null) headers["x-leadsman-model"] = answerer.model;
  if (draft.confidence !== null) headers["x-leadsman-confidence"] = String(draft.confidence);
  if (draft.threshold !== null) headers["x-leadsman-threshold"] = String(draft.threshold);
  return headers;
}

/** For a stream that is opened before its outcome is known. */
export function pendingHeaders(flight: Flight): Record<string, string> {
  return {
    ...decisionHeaders(flight, { tier: null, model: null }),
    "x-leadsman-decision": "pending",
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  };
}

/** Time so far and, of that, time spent in triages that did not answer. Milliseconds. */
function serverTiming({ environment, request, draft }: Flight): string {
  const totalMs = environment.clock.monotonicMs() - request.arrivedMonotonicMs;
  let triageMs = 0;
  for (const attempt of draft.attempts)
    if (attempt.role === "triage") triageMs += attempt.latencyMs;
  const total = `total;dur=${oneDecimal(totalMs)}`;
  return triageMs === 0 ? total : `${total}, triage;dur=${oneDecimal(triageMs)}`;
}

/** As `toFixed(1)`, which is slow enough to show in the profile of a request. */
function oneDecimal(ms: number): string {
  const tenths = Math.round(ms * 10);
  return `${String(Math.floor(tenths / 10))}.${String(tenths % 10)}`;
}
