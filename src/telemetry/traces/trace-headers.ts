import type { ClientRequest, ForwardedRequest, Router } from "../../router/router.ts";
import { spanIdsOf } from "./span-ids.ts";
import type { TraceMemory } from "./trace-memory.ts";
import { readTraceParent, writeTraceParent } from "./trace-parent.ts";

export interface TraceHeaderOptions {
  /** Whether upstream may be told of a trace. */
  readonly propagates: boolean;
  /** Whether ids of spans are known before they are made: upstream can be told of ours then. */
  readonly hasOwnIds: boolean;
  readonly memory: TraceMemory;
}

/** What a client's tracing adds to a request. */
const TRACE_HEADERS = ["traceparent", "tracestate", "baggage"] as const;

/** The calls of clients that a router takes. */
type Calls = Pick<Router, "handleMessages" | "handleCountTokens" | "handleForwarded">;

/**
 * Takes up the traces of clients. A trace's headers go on to upstream only where that is asked for,
 * and then name the span of the client's call as their parent.
 */
export function traceRequests<Traced extends Calls>(
  router: Traced,
  { propagates, hasOwnIds, memory }: TraceHeaderOptions,
): Traced {
  function taken<Call extends ClientRequest | ForwardedRequest>(request: Call): Call {
    const { headers, id } = request;
    const parent = readTraceParent(headers["traceparent"]);
    if (parent !== null) memory.begin(id, parent);
    if (propagates) {
      if (!hasOwnIds) return request;
      const { traceId, spanId } = spanIdsOf(id);
      const { flags = 1 } = parent ?? {};
      const traceparent = writeTraceParent({
        traceId: parent?.traceId ?? traceId,
        spanId,
        flags,
      });
      return { ...request, headers: { ...headers, traceparent } };
    }
    if (TRACE_HEADERS.every((name) => headers[name] === undefined)) return request;
    const rest = { ...headers };
    for (const name of TRACE_HEADERS) Reflect.deleteProperty(rest, name);
    return { ...request, headers: rest };
  }
  const untilEnd = async (request: { readonly id: string }, call: Promise<void>): Promise<void> => {
    try {
      await call;
    } finally {
      memory.end(request.id);
    }
  };
  return {
    ...router,
    handleMessages: (request, sink) =>
      untilEnd(request, router.handleMessages(taken(request), sink)),
    handleCountTokens: (request, sink) =>
      untilEnd(request, router.handleCountTokens(taken(request), sink)),
    handleForwarded: (request, sink) =>
      untilEnd(request, router.handleForwarded(taken(request), sink)),
  };
}
