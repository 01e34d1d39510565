import { setTimeout } from "node:timers/promises";
import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Attempt, RequestRecord } from "../../src/cascade/receipt.ts";
import { ask, call } from "../harness/call.ts";
import { openStack, type Stack } from "../harness/open-stack.ts";
import {
  startOtlpReceiver,
  type OtlpReceiver,
  type ReceivedSpan,
} from "../harness/otlp-receiver.ts";

const PROMPT = "A sentence that must stay between client and model";
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";
const SERVER = 2;
const CLIENT = 3;

const FAULTS = ["", "", "triage:status=529", "deep:status=500", "triage:die-mid-verdict"];

let stack: Stack;
let receiver: OtlpReceiver;
let records: readonly RequestRecord[];
let spans: readonly ReceivedSpan[];

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  const sampling = { shadow: "50%", grade: "20%", control: "10%", band: "100%" };
  stack = await openStack({
    route: { sampling },
    provider: { apiKey: "sk-ant-own-key" },
    telemetry: { traces: { endpoint: receiver.url } },
  });
  await sendTraffic();
  await stack.settled();
  records = await stack.records();
  // Sends what waits.
  await stack.reopen();
  spans = [...receiver.spans];
});
afterAll(async () => {
  await stack.close();
  await receiver.close();
});

async function sendTraffic(): Promise<void> {
  const client = new Anthropic({ baseURL: stack.url, apiKey: "sk-ant-client", maxRetries: 0 });
  for (let index = 0; index < 30; index += 1) {
    const isTraced = index % 3 === 0;
    const traceparent = `00-${TRACE}-${PARENT}-01`;
    const headers = {
      "x-simulate": FAULTS[index % FAULTS.length] ?? "",
      ...(isTraced ? { traceparent } : {}),
    };
    const messages = [{ role: "user" as const, content: `${PROMPT} ${String(index)}` }];
    const body = { model: "claude-opus-4-7", max_tokens: 300, messages };
    try {
      if (index % 2 === 0) await client.messages.create(body, { headers });
      else await client.messages.stream(body, { headers }).finalMessage();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  }
  while (stack.open.gateway.stats().inFlight > 0) await setTimeout(5);
}

function spanOf({ id }: RequestRecord): ReceivedSpan {
  const found = spans.filter(
    ({ kind, attributes }) => kind === SERVER && attributes["leadsman.request.id"] === id,
  );
  expect(found).toHaveLength(1);
  return found[0] as ReceivedSpan;
}

function attemptSpanOf({ id }: RequestRecord, { index }: Attempt): ReceivedSpan {
  const found = spans.filter(
    ({ kind, attributes }) =>
      kind === CLIENT &&
      attributes["leadsman.request.id"] === id &&
      attributes["leadsman.attempt"] === index,
  );
  expect(found).toHaveLength(1);
  return found[0] as ReceivedSpan;
}

describe("spans, held against the receipts", () => {
  test("are one for each client call and one for each upstream call, late ones included", () => {
    const attempts = records.flatMap((record) => record.attempts);
    expect(attempts.some(({ role }) => role === "shadow_answer")).toBe(true);
    expect(spans.filter(({ kind }) => kind === SERVER)).toHaveLength(records.length);
    expect(spans.filter(({ kind }) => kind === CLIENT)).toHaveLength(attempts.length);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  });

  test("say of a call what its record says, and no usage", () => {
    for (const record of records) {
      const { attributes, statusCode, startMs, endMs, name } = spanOf(record);
      expect(name).toBe("leadsman.request");
      expect(attributes).toMatchObject({
        "leadsman.route": "support",
        "leadsman.decision": record.decision,
        "http.response.status_code": record.status,
      });
      expect(attributes["leadsman.reason"]).toBe(record.reason ?? undefined);
      expect(attributes["leadsman.confidence"]).toBe(record.confidence ?? undefined);
      expect(Object.keys(attributes).filter((key) => key.startsWith("gen_ai.usage"))).toEqual([]);
      expect(statusCode === 2).toBe(record.status >= 500);
      expect(startMs).toBeCloseTo(record.startedAtMs, 2);
      expect(endMs - startMs).toBeCloseTo(record.latencyMs, 1);
    }
  });

  test("say of an upstream call its usage, cost and leg, and lie inside its parent", () => {
    for (const record of records) {
      const server = spanOf(record);
      for (const attempt of record.attempts) {
        const span = attemptSpanOf(record, attempt);
        const { tokens } = attempt;
        expect(span.name).toBe(`chat ${attempt.model}`);
        expect([span.traceId, span.parentSpanId]).toEqual([server.traceId, server.spanId]);
        expect(span.attributes).toMatchObject({
          "gen_ai.operation.name": "chat",
          "gen_ai.provider.name": "anthropic",
          "gen_ai.request.model": attempt.model,
          "gen_ai.usage.input_tokens":
            tokens.inputTokens +
            tokens.cacheReadTokens +
            tokens.cacheWrite5mTokens +
            tokens.cacheWrite1hTokens,
          "gen_ai.usage.output_tokens": tokens.outputTokens,
          "leadsman.leg": attempt.role,
          "leadsman.outcome": attempt.outcome,
        });
        const usd = span.attributes["leadsman.cost_usd"];
        expect(Math.round(Number(usd) * 1e9)).toBe(Number(attempt.costNanoUsd));
        expect(span.startMs).toBeGreaterThanOrEqual(server.startMs - 0.01);
        expect(span.endMs - span.startMs).toBeCloseTo(attempt.latencyMs, 0);
      }
    }
  });

  test("mark failures, and not what was closed on purpose", () => {
    const errors = spans.filter(({ statusCode, kind }) => statusCode === 2 && kind === CLIENT);
    expect(errors.length).toBeGreaterThan(3);
    for (const { attributes } of errors) expect(attributes["error.type"]).toBeTypeOf("string");
    const aborted = spans.filter(({ attributes }) => attributes["leadsman.outcome"] === "aborted");
    expect(aborted.every(({ statusCode }) => statusCode === 0)).toBe(true);
  });

  test("go on in the trace of the client, where it has one", () => {
    const inside = spans.filter(({ traceId }) => traceId === TRACE);
    const servers = inside.filter(({ kind }) => kind === SERVER);
    expect(servers).toHaveLength(10);
    for (const { parentSpanId } of servers) expect(parentSpanId).toBe(PARENT);
    const own = spans.filter(({ traceId, kind }) => traceId !== TRACE && kind === SERVER);
    expect(new Set(own.map(({ traceId }) => traceId)).size).toBe(20);
  });

  test("hold no text of a request or an answer, and no key", () => {
    const text = receiver.text();
    expect(text).toContain("leadsman.decision");
    for (const secret of ["must stay", "sk-ant", "content"]) expect(text).not.toContain(secret);
  });
});

describe("what upstream is told of a trace", () => {
  const TRACED = {
    traceparent: `00-${TRACE}-${PARENT}-01`,
    tracestate: "vendor=value",
    baggage: "user=ann",
  };

  interface Told {
    /** Of the client's calls, by their answers. */
    readonly ids: readonly string[];
    /** Headers of all upstream calls. */
    readonly sent: readonly Readonly<Record<string, unknown>>[];
    /** Ids of the spans of the client's calls, by the id of the call. */
    readonly spanIds: ReadonlyMap<unknown, string>;
  }

  /** One call that ships, one that escalates, their shadows, and two that are no message calls. */
  async function tell(
    traces: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>>,
  ): Promise<Told> {
    const collector = await startOtlpReceiver();
    const endpoint = "endpoint" in traces ? { endpoint: collector.url } : {};
    const open = await openStack({
      route: { sampling: { shadow: "100%", grade: "0%", control: "0%", band: "0%" } },
      provider: { apiKey: "sk-ant-own-key" },
      telemetry: { traces: { ...traces, ...endpoint } },
    });
    const escalates = { "x-simulate": "triage:status=529" };
    const answers = [
      await call(open.url, { body: ask("Ships?"), headers }),
      await call(open.url, {
        body: ask("Escalates?", true),
        headers: { ...headers, ...escalates },
      }),
      await call(open.url, { path: "/v1/messages/count_tokens", body: ask("Long?"), headers }),
      await call(open.url, { path: "/v1/models", method: "GET", headers }),
    ];
    await open.settled();
    const sent = open.upstream.calls().map((one) => one.headers);
    await open.close();
    const servers = collector.spans.filter(({ kind }) => kind === SERVER);
    await collector.close();
    return {
      ids: answers.map((answer) => String(answer.headers["x-leadsman-id"])),
      sent,
      spanIds: new Map(
        servers.map(({ attributes, spanId }) => [attributes["leadsman.request.id"], spanId]),
      ),
    };
  }

  test.each([{}, { endpoint: "" }])("is nothing unless it is asked for: %j", async (traces) => {
    const { sent } = await tell(traces, TRACED);
    expect(sent.length).toBeGreaterThan(5);
    for (const headers of sent) {
      for (const name of Object.keys(TRACED)) expect(headers).not.toHaveProperty(name);
    }
    expect(JSON.stringify(sent)).not.toContain(TRACE);
  });

  test("is the span of the client's call, in the client's trace, where it is asked for", async () => {
    const { ids, sent, spanIds } = await tell({ endpoint: "", propagate: true }, TRACED);
    const expected = ids.map((id) => `00-${TRACE}-${String(spanIds.get(id))}-01`);
    expect(new Set(sent.map(({ traceparent }) => traceparent))).toEqual(new Set(expected));
    for (const { tracestate, baggage } of sent) {
      expect([tracestate, baggage]).toEqual([TRACED.tracestate, TRACED.baggage]);
    }
  });

  test("is a trace that begins here, where the client has none", async () => {
    const { ids, sent, spanIds } = await tell({ endpoint: "", propagate: true }, {});
    const parents = new Set(sent.map(({ traceparent }) => String(traceparent)));
    expect(parents.size).toBe(ids.length);
    for (const id of ids) {
      const spanId = String(spanIds.get(id));
      expect([...parents].filter((parent) => parent.includes(`-${spanId}-01`))).toHaveLength(1);
    }
    for (const headers of sent) expect(headers).not.toHaveProperty("baggage");
  });

  test("is what the client says as it came, where no collector gets our spans", async () => {
    const { sent } = await tell({ propagate: true }, TRACED);
    for (const headers of sent) expect(headers).toMatchObject(TRACED);
  });
});

test("a collector that is gone holds up no request, and no stop for long", async () => {
  const gone = await startOtlpReceiver();
  await gone.close();
  const open = await openStack({ telemetry: { traces: { endpoint: gone.url } } });
  expect((await call(open.url, { body: ask("Hello?") })).status).toBe(200);
  const startedMs = performance.now();
  await open.close();
  expect(performance.now() - startedMs).toBeLessThan(10_000);
});
