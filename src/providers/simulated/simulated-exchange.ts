import { createRandom } from "../../support/random.ts";
import type { HttpHeaders } from "../provider.ts";
import { batchExchange } from "./batches/batch-exchange.ts";
import type { BatchTrouble, SimulatedBatchCall } from "./batches/batch-trouble.ts";
import type { BatchStore } from "./batches/batch-store.ts";
import { cutAfterBytes, rechunk } from "./exchange-step.ts";
import type { ExchangeStep } from "./exchange-step.ts";
import { faultObjection } from "./fault-objection.ts";
import { encodeEvent, HEAD_SHARE, messageEvents } from "./message-events.ts";
import { sideAnswer } from "./side-answer.ts";
import { silentSteps } from "./silent-steps.ts";
import { simulateMessage } from "./simulate-message.ts";
import { faultFromHeader } from "./simulated-fault.ts";
import type { SimulatedFault } from "./simulated-fault.ts";
import { readSimulatedRequest } from "./simulated-request.ts";
import type { SimulatedRequest } from "./simulated-request.ts";
import type { SimulatedWorld } from "./simulated-world.ts";
import { breakWhole, errorSteps, wholeResponse } from "./whole-response.ts";

/** What a fault function may look at. */
export interface SimulatedCall {
  /** As the request names it. */
  readonly model: string;
  /** How many calls came before this one; in a batch, how many of its requests. */
  readonly index: number;
  readonly isTriage: boolean;
  /** The last user text, without a triage's instruction. */
  readonly prompt: string;
}

export interface ExchangeOptions {
  readonly world: SimulatedWorld;
  /**
   * Asked for each message call that carries no header `x-simulate`, and for each request of a batch
   * whose creation carries none.
   */
  readonly faults?: (call: SimulatedCall) => SimulatedFault | null;
  /** Asked for each call of a batch endpoint that carries no header `x-simulate`. */
  readonly batchFaults?: (call: SimulatedBatchCall) => BatchTrouble | null;
  /** Characters of text per event of a stream. Default 12. */
  readonly charactersPerDelta?: number;
  /** Cuts bodies into chunks of so many bytes, across events. Default: one event, one chunk. */
  readonly bytesPerChunk?: number;
}

export interface ExchangeRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
}

/** Everything an upstream will do with one request, and what it took the request for. */
export interface SimulatedExchange {
  readonly steps: readonly ExchangeStep[];
  readonly model: string | null;
  readonly isTriage: boolean;
}

/** Marks every response of the simulation, for whoever reads headers. */
export const SIMULATED_HEADER = "x-leadsman-simulated";

/** Where and when a request arrives. */
export interface ExchangeMoment {
  /** How many requests came before. */
  readonly index: number;
  /** Milliseconds since the epoch: says when limits reset, and how far batches have come. */
  readonly nowMs: number;
  /** The only thing that a request can change. */
  readonly batches: BatchStore;
}

/** Plays the vendor's part for one request. Pure, but for batches that the request makes or ends. */
export function simulateExchange(
  options: ExchangeOptions,
  request: ExchangeRequest,
  { index, nowMs, batches }: ExchangeMoment,
): SimulatedExchange {
  const name = callName(options.world.seed, index);
  const headers = commonHeaders(name, index, nowMs);
  const path = request.path.replace(/\?.*$/s, "");
  if (request.method === "POST" && path === "/v1/messages") {
    return messageExchange(options, request, { name, index, headers });
  }
  const batchSteps = batchExchange(options, request, { name, index, headers, nowMs, batches });
  if (batchSteps !== null) return { ...UNNAMED, steps: inChunks(batchSteps, options) };
  const answer = sideAnswer(request, path);
  return { ...UNNAMED, steps: wholeResponse(answer.status, headers, answer.value) };
}

const UNNAMED = { model: null, isTriage: false } as const;

interface CallContext {
  readonly name: string;
  readonly index: number;
  readonly headers: HttpHeaders;
}

function messageExchange(
  options: ExchangeOptions,
  request: ExchangeRequest,
  context: CallContext,
): SimulatedExchange {
  const reading = readSimulatedRequest(request.body, request.headers);
  if (!reading.ok) return { ...UNNAMED, steps: errorSteps(reading.objection, context.headers) };
  const { simulated } = reading;
  const { isTriage, prompt } = simulated;
  const model = simulated.request.model;
  const header = request.headers["x-simulate"];
  const call: SimulatedCall = { model, index: context.index, isTriage, prompt };
  const fault =
    typeof header === "string" ? faultFromHeader(header, call) : (options.faults?.(call) ?? null);
  const steps = answerSteps(options, simulated, fault, context);
  return { model, isTriage, steps: inChunks(steps, options) };
}

function inChunks(
  steps: readonly ExchangeStep[],
  { bytesPerChunk }: ExchangeOptions,
): readonly ExchangeStep[] {
  return bytesPerChunk === undefined ? steps : rechunk(steps, bytesPerChunk);
}

function answerSteps(
  options: ExchangeOptions,
  simulated: SimulatedRequest,
  fault: SimulatedFault | null,
  context: CallContext,
): readonly ExchangeStep[] {
  const early = fault === null ? null : earlySteps(fault, simulated, context);
  if (early !== null) return early;
  const cut = fault !== null && "at" in fault && fault.kind !== "stop" ? fault.at : null;
  const message = simulateMessage(options.world, simulated, fault, context.name);
  const isStream = simulated.request.stream === true;
  if (!isStream) {
    const { firstTokenMs, outputTokensPerSecond } = message;
    const tokens = message.message.usage.output_tokens;
    const writingMs = firstTokenMs + (tokens / outputTokensPerSecond) * 1_000;
    const steps = wholeResponse(200, context.headers, message.message, writingMs);
    return cut === null ? steps : breakWhole(steps, cut, lastStep(fault));
  }
  const head: ExchangeStep = {
    kind: "head",
    afterMs: message.firstTokenMs * HEAD_SHARE,
    status: 200,
    headers: { ...context.headers, "content-type": "text/event-stream; charset=utf-8" },
  };
  const events = messageEvents(message, options.charactersPerDelta, cut);
  const bytes = events.map(({ event, afterMs }): ExchangeStep => ({
    kind: "bytes",
    afterMs,
    bytes: encodeEvent(event),
  }));
  if (cut === null) return [head, ...bytes, { kind: "end", afterMs: 0 }];
  const last = lastSteps(fault);
  if (typeof cut === "string") return [head, ...bytes, ...last];
  const [first = HANG, ...rest] = last;
  return [...cutAfterBytes([head, ...bytes], cut.afterBytes, first), ...rest];
}

const HANG: ExchangeStep = { kind: "hang" };

/** Faults that leave no room for an answer. */
function earlySteps(
  fault: SimulatedFault,
  { model, request }: SimulatedRequest,
  { headers }: CallContext,
): readonly ExchangeStep[] | null {
  if (fault.kind === "error_event" && request.stream === true) return null;
  const objection = faultObjection(fault, model);
  if (objection === null) return silentSteps(fault);
  const retryAfterSeconds = fault.kind === "status" ? fault.retryAfterSeconds : undefined;
  return errorSteps(objection, headers, retryAfterSeconds);
}

function lastSteps(fault: SimulatedFault | null): readonly ExchangeStep[] {
  if (fault?.kind !== "error_event") return [lastStep(fault)];
  const type = fault.errorType ?? "overloaded_error";
  const error = encodeEvent({ type: "error", error: { type, message: "Overloaded" } });
  return [
    { kind: "bytes", afterMs: 0, bytes: error },
    { kind: "end", afterMs: 0 },
  ];
}

function lastStep(fault: SimulatedFault | null): ExchangeStep {
  return fault?.kind === "die" ? { kind: "die" } : HANG;
}

/** Sixteen digits that are the same for equal seeds and positions. */
function callName(seed: string, index: number): string {
  const random = createRandom(`${seed}/call/${String(index)}`);
  return Array.from({ length: 16 }, () => Math.floor(random() * 16).toString(16)).join("");
}

const REQUESTS_PER_MINUTE = 4_000;

function commonHeaders(name: string, index: number, nowMs: number): HttpHeaders {
  const remaining = REQUESTS_PER_MINUTE - 1 - (index % 100);
  return {
    "request-id": `req_sim_${name}`,
    "anthropic-organization-id": "00000000-0000-4000-8000-000000000000",
    "anthropic-ratelimit-requests-limit": String(REQUESTS_PER_MINUTE),
    "anthropic-ratelimit-requests-remaining": String(remaining),
    "anthropic-ratelimit-requests-reset": new Date(nowMs + 60_000).toISOString(),
    [SIMULATED_HEADER]: "1",
  };
}
