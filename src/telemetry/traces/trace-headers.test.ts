import { describe, expect, test } from "vitest";
import type { ForwardedRequest, Router } from "../../router/router.ts";
import { spanIdsOf } from "./span-ids.ts";
import { traceRequests, type TraceHeaderOptions } from "./trace-headers.ts";
import { TraceMemory } from "./trace-memory.ts";

type HttpHeaders = ForwardedRequest["headers"];

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = `00-${TRACE}-b7ad6b7169203331-00`;
const CLIENTS: HttpHeaders = {
  traceparent: PARENT,
  tracestate: "a=1",
  baggage: "user=ann",
  x: "y",
};

/** The headers that a request goes on with. */
async function sent(
  headers: HttpHeaders,
  options: Omit<TraceHeaderOptions, "memory">,
): Promise<HttpHeaders> {
  let seen: HttpHeaders = {};
  const take = async (request: { readonly headers: HttpHeaders }): Promise<void> => {
    seen = request.headers;
  };
  const calls: Pick<Router, "handleMessages" | "handleCountTokens" | "handleForwarded"> = {
    handleMessages: take,
    handleCountTokens: take,
    handleForwarded: take,
  };
  const traced = traceRequests(calls, { ...options, memory: new TraceMemory() });
  const request: ForwardedRequest = {
    id: "req_1",
    method: "GET",
    path: "/v1/models",
    headers,
    body: null,
    arrivedMonotonicMs: 0,
  };
  await traced.handleForwarded(request, NO_SINK);
  return seen;
}

const NO_SINK = {
  open: () => undefined,
  write: () => true,
  onDrain: () => undefined,
  end: () => undefined,
  destroy: () => undefined,
  onClientGone: () => undefined,
};

describe("the headers of a trace", () => {
  test("stay here unless upstream may be told", async () => {
    for (const hasOwnIds of [true, false]) {
      expect(await sent(CLIENTS, { propagates: false, hasOwnIds })).toEqual({ x: "y" });
    }
  });

  test("go on as they came where no span of ours can be named", async () => {
    expect(await sent(CLIENTS, { propagates: true, hasOwnIds: false })).toBe(CLIENTS);
  });

  test("name our span in the client's trace, with the client's choice to sample", async () => {
    const { spanId } = spanIdsOf("req_1");
    const headers = await sent(CLIENTS, { propagates: true, hasOwnIds: true });
    expect(headers).toEqual({ ...CLIENTS, traceparent: `00-${TRACE}-${spanId}-00` });
  });

  test("begin a trace where the client has none", async () => {
    const { traceId, spanId } = spanIdsOf("req_1");
    const headers = await sent({ x: "y" }, { propagates: true, hasOwnIds: true });
    expect(headers).toEqual({ x: "y", traceparent: `00-${traceId}-${spanId}-01` });
  });
});

describe("what is remembered of clients' traces", () => {
  test("is bounded, and there while a request runs and a while after it", () => {
    const memory = new TraceMemory();
    const parent = { traceId: TRACE, spanId: "b7ad6b7169203331", flags: 1 };
    for (let index = 0; index < 1_500; index += 1) {
      memory.begin(`req_${String(index)}`, parent);
      expect(memory.parentOf(`req_${String(index)}`)).toBe(parent);
      memory.end(`req_${String(index)}`);
    }
    expect(memory.parentOf("req_1499")).toBe(parent);
    expect(memory.parentOf("req_500")).toBe(parent);
    expect(memory.parentOf("req_499")).toBeNull();
  });
});
