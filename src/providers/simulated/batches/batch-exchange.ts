import { createRandom } from "../../../support/random.ts";
import type { HttpHeaders } from "../../provider.ts";
import type { ExchangeStep } from "../exchange-step.ts";
import { silentSteps } from "../silent-steps.ts";
import type { ExchangeOptions, ExchangeRequest, SimulatedCall } from "../simulated-exchange.ts";
import { faultFromEntries } from "../simulated-fault.ts";
import { breakWhole, errorSteps, objectionOf, wholeResponse } from "../whole-response.ts";
import { answerBatchRequest } from "./answer-batch-request.ts";
import { batchPage } from "./batch-page.ts";
import type { BatchStore } from "./batch-store.ts";
import { batchTroubleFromHeader, requestEntries } from "./batch-trouble.ts";
import type { BatchAction, BatchFault, BatchShares, BatchTrouble } from "./batch-trouble.ts";
import { readBatchRequests } from "./read-batch-requests.ts";
import { batchDurationMs, batchObject, canceledBatch, hasEnded } from "./simulated-batch.ts";
import type { SimulatedBatch } from "./simulated-batch.ts";

export interface BatchExchangeContext {
  /** Distinguishes this call from others; becomes part of the ids. */
  readonly name: string;
  readonly index: number;
  /** Headers that every response carries. */
  readonly headers: HttpHeaders;
  readonly nowMs: number;
  readonly batches: BatchStore;
}

/** Plays the part of the Message Batches API for one request; null for any other path. */
export function batchExchange(
  options: ExchangeOptions,
  request: ExchangeRequest,
  context: BatchExchangeContext,
): readonly ExchangeStep[] | null {
  const target = targetOf(request);
  if (target === null) return null;
  const trouble = troubleOf(options, request, target.action, context.index);
  const fault = trouble.fault ?? null;
  if (fault?.kind === "status") {
    return errorSteps(objectionOf(fault.status), context.headers, fault.retryAfterSeconds);
  }
  if (fault?.kind === "connect_refused" || fault?.kind === "connect_hang") {
    return [{ kind: fault.kind }];
  }
  const call: BatchCall = { options, request, target, shares: trouble.shares ?? {}, ...context };
  const steps = stepsOf(call);
  return fault === null ? steps : suffering(steps, fault, context);
}

const COLLECTION = "/v1/messages/batches";

interface BatchTarget {
  readonly action: BatchAction;
  /** Empty where the target is the collection. */
  readonly id: string;
  readonly query: URLSearchParams;
}

function targetOf({ method, path }: ExchangeRequest): BatchTarget | null {
  const [pathname = "", search = ""] = path.split("?", 2);
  const query = new URLSearchParams(search);
  if (pathname === COLLECTION) {
    if (method === "POST") return { action: "create", id: "", query };
    return method === "GET" ? { action: "list", id: "", query } : null;
  }
  const match = /^\/v1\/messages\/batches\/([^/]+)(\/cancel|\/results)?$/.exec(pathname);
  const id = match?.[1];
  if (id === undefined) return null;
  switch (`${method} ${match?.[2] ?? ""}`) {
    case "GET ":
      return { action: "retrieve", id, query };
    case "GET /results":
      return { action: "results", id, query };
    case "POST /cancel":
      return { action: "cancel", id, query };
    default:
      return null;
  }
}

function troubleOf(
  options: ExchangeOptions,
  { headers }: ExchangeRequest,
  action: BatchAction,
  index: number,
): BatchTrouble {
  const header = headers["x-simulate"];
  if (typeof header === "string") return batchTroubleFromHeader(header);
  return options.batchFaults?.({ action, index }) ?? {};
}

interface BatchCall extends BatchExchangeContext {
  readonly options: ExchangeOptions;
  readonly request: ExchangeRequest;
  readonly target: BatchTarget;
  readonly shares: BatchShares;
}

function stepsOf(call: BatchCall): readonly ExchangeStep[] {
  const { target, headers, batches, nowMs } = call;
  if (target.action === "create") return createSteps(call);
  if (target.action === "list") return listSteps(call);
  const batch = batches.find(target.id);
  if (batch === null) {
    const message = `Message Batch ${target.id} not found.`;
    return errorSteps({ status: 404, type: "not_found_error", message }, headers);
  }
  switch (target.action) {
    case "retrieve":
      return wholeResponse(200, headers, shown(call, batch, nowMs));
    case "cancel":
      return cancelSteps(call, batch);
    case "results":
      return resultSteps(call, batch);
  }
}

function createSteps(call: BatchCall): readonly ExchangeStep[] {
  const { options, request, shares, name, headers, nowMs, batches } = call;
  const reading = readBatchRequests(request.body);
  if (!reading.ok) return errorSteps(reading.objection, headers);
  const simulate = request.headers["x-simulate"];
  const entries = typeof simulate === "string" ? requestEntries(simulate) : null;
  const answering = {
    world: options.world,
    headers: request.headers,
    faultOf: (single: SimulatedCall) =>
      entries === null ? (options.faults?.(single) ?? null) : faultFromEntries(entries, single),
    shares,
    name,
  };
  const { requests } = reading;
  const batch: SimulatedBatch = {
    // With the time, so that an id outlives its simulation without naming a batch of the next one.
    id: `msgbatch_sim_${nowMs.toString(36)}_${name}`,
    createdMs: nowMs,
    endsMs: nowMs + batchDurationMs(requests.length) * batches.timeScale,
    cancelMs: null,
    requests: requests.map((posted, position) => answerBatchRequest(answering, posted, position)),
  };
  if (!batches.add(batch, nowMs)) {
    const message = "(simulated) Too many requests of batches are still being processed.";
    return errorSteps({ status: 429, type: "rate_limit_error", message }, headers);
  }
  // A new batch is never shown as ended, however fast time is.
  return wholeResponse(200, headers, shown(call, batch, Number.NEGATIVE_INFINITY));
}

function listSteps(call: BatchCall): readonly ExchangeStep[] {
  const { batches, target, headers, nowMs } = call;
  const page = batchPage(batches.newestFirst(), target.query);
  if (!page.ok) return errorSteps(page.objection, headers);
  return wholeResponse(200, headers, {
    data: page.batches.map((batch) => shown(call, batch, nowMs)),
    has_more: page.hasMore,
    first_id: page.batches[0]?.id ?? null,
    last_id: page.batches.at(-1)?.id ?? null,
  });
}

function cancelSteps(call: BatchCall, batch: SimulatedBatch): readonly ExchangeStep[] {
  const { batches, headers, nowMs } = call;
  if (hasEnded(batch, nowMs)) {
    const message = `Message Batch ${batch.id} has ended and cannot be canceled.`;
    return errorSteps({ status: 400, type: "invalid_request_error", message }, headers);
  }
  const canceled = canceledBatch(batch, nowMs, batches.timeScale);
  batches.replace(canceled);
  return wholeResponse(200, headers, shown(call, canceled, nowMs));
}

function resultSteps(call: BatchCall, batch: SimulatedBatch): readonly ExchangeStep[] {
  const { headers, nowMs, options } = call;
  if (!hasEnded(batch, nowMs)) {
    const message = `Message Batch ${batch.id} has no results before it has ended.`;
    return errorSteps({ status: 404, type: "not_found_error", message }, headers);
  }
  const described = { ...headers, "content-type": "application/x-jsonl" };
  const lines = shuffled(batch.requests, `${options.world.seed}/results/${batch.id}`);
  return [
    { kind: "head", afterMs: 0, status: 200, headers: described },
    ...lines.map(({ customId, json }): ExchangeStep => ({
      kind: "bytes",
      afterMs: 0,
      bytes: Buffer.from(`{"custom_id":${JSON.stringify(customId)},"result":${json}}\n`),
    })),
    { kind: "end", afterMs: 0 },
  ];
}

function shown({ request }: BatchCall, batch: SimulatedBatch, nowMs: number): object {
  const { host } = request.headers;
  const origin = `http://${typeof host === "string" ? host : "simulated"}`;
  return batchObject(batch, nowMs, `${origin}${COLLECTION}/${batch.id}/results`);
}

/** The API promises no order, so nobody may rely on one here. */
function shuffled<Item>(items: readonly Item[], seed: string): readonly Item[] {
  const random = createRandom(seed);
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** What was done stays done; the answer does not arrive as it should. */
function suffering(
  steps: readonly ExchangeStep[],
  fault: BatchFault,
  { headers }: BatchExchangeContext,
): readonly ExchangeStep[] {
  switch (fault.kind) {
    case "die":
      return breakWhole(steps, fault.at, { kind: "die" });
    case "stall":
      return breakWhole(steps, fault.at, { kind: "hang" });
    case "text":
      return [
        { kind: "head", afterMs: 0, status: 200, headers },
        { kind: "bytes", afterMs: 0, bytes: Buffer.from(fault.text) },
        { kind: "end", afterMs: 0 },
      ];
    default:
      return silentSteps(fault) ?? steps;
  }
}
