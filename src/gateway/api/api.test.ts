import { afterEach, describe, expect, test } from "vitest";
import type { RequestRecord, ShadowPair } from "../../cascade/receipt.ts";
import { fakeLedger as ledgerOf } from "../../ledger/fake-ledger.fixture.ts";
import type { Ledger, LedgerHealth } from "../../ledger/ledger.ts";
import { startTestGateway } from "../fake-router.fixture.ts";
import type { TestGatewayOptions } from "../fake-router.fixture.ts";
import type { Gateway } from "../start-gateway.ts";
import { HELLO, call } from "../test-client.fixture.ts";

const open: Gateway[] = [];

async function start(options: TestGatewayOptions = {}): Promise<Gateway> {
  const gateway = await startTestGateway(options);
  open.push(gateway);
  return gateway;
}

afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close();
});

const HEALTHY: LedgerHealth = {
  isWritable: true,
  queuedEntries: 0,
  queuedBytes: 0,
  committedEntries: 7,
  lostEntries: 0,
  lastError: null,
};

/** The part of a ledger that the gateway asks; all else fails the test. */
function fakeLedger(parts: Partial<Ledger>): Ledger {
  return ledgerOf("The gateway", {
    pair: () => Promise.resolve(null),
    health: () => HEALTHY,
    ...parts,
  });
}

const RECORD: RequestRecord = {
  id: "req_1",
  startedAtMs: 1_700_000_000_000,
  kind: "messages",
  path: "/v1/messages",
  route: "support",
  routeVersion: "v1",
  mode: "live",
  task: null,
  requestedModel: "claude-opus-4-7",
  decision: "shipped",
  reason: null,
  tier: 0,
  model: "claude-haiku-4-5",
  confidence: 0.93,
  threshold: 0.8,
  thresholdVersion: null,
  isStreaming: false,
  status: 200,
  stopReason: "end_turn",
  firstByteMs: 1,
  latencyMs: 2,
  requestBytes: 3,
  responseBytes: 4,
  bodyHash: null,
  inputClasses: [],
  draws: [],
  attempts: [],
  allDeepNanoUsd: 9_007_199_254_740_993n,
  allDeepBasis: "estimated",
};

describe("receipts", () => {
  const path = "/_leadsman/api/v1/receipts/req_1";

  test("are the record and its pair, with money as exact digits", async () => {
    const side = { attempt: null, missing: "pending", model: null, confidence: null } as const;
    const pair: ShadowPair = {
      requestId: "req_1",
      route: "support",
      routeVersion: "v1",
      createdAtMs: 1,
      cheap: side,
      deep: side,
    };
    const ledger = fakeLedger({
      request: (id) => Promise.resolve(id === "req_1" ? RECORD : null),
      pair: () => Promise.resolve(pair),
    });
    const { port } = await start({ ledger });
    const { status, headers, body } = await call(port, path);
    expect(status).toBe(200);
    expect(headers["cache-control"]).toBe("no-store");
    expect(JSON.parse(body)).toEqual({
      request: { ...RECORD, allDeepNanoUsd: "9007199254740993" },
      pair,
    });
    expect((await call(port, `${path}0`)).status).toBe(404);
  });

  test("that do not exist, or when there is no ledger: 404 in the envelope", async () => {
    for (const ledger of [null, fakeLedger({ request: () => Promise.resolve(null) })]) {
      const { port } = await start({ ledger });
      const { status, body } = await call(port, path);
      expect([status, JSON.parse(body)]).toMatchObject([
        404,
        { type: "error", error: { type: "not_found_error" } },
      ]);
    }
  });

  test("of a ledger that fails: 500, without its words", async () => {
    const ledger = fakeLedger({ request: () => Promise.reject(new Error("secret path")) });
    const { port } = await start({ ledger });
    const { status, body } = await call(port, path);
    expect([status, body.includes("secret")]).toEqual([500, false]);
  });

  test("can only be read", async () => {
    const { port } = await start({ ledger: fakeLedger({}) });
    const { status, headers } = await call(port, path, { body: "{}" });
    expect([status, headers["allow"]]).toEqual([405, "GET, HEAD"]);
  });
});

describe("health", () => {
  test("is ready with a writable ledger or none, and not without one that can be written", async () => {
    const broken = fakeLedger({ health: () => ({ ...HEALTHY, isWritable: false }) });
    for (const [ledger, status, reasons] of [
      [null, 200, []],
      [fakeLedger({}), 200, []],
      [broken, 503, ["ledger_not_writable"]],
    ] as const) {
      const { port } = await start({ ledger });
      const ready = await call(port, "/readyz");
      expect([ready.status, JSON.parse(ready.body)]).toMatchObject([status, { reasons }]);
      expect((await call(port, "/healthz")).status).toBe(200);
    }
  });

  test("says what the gateway and its ledger do", async () => {
    const statusSource = (): { version: string } => ({ version: "1.2.3" });
    const { port } = await start({ ledger: fakeLedger({}), statusSource });
    await call(port, "/v1/messages", { body: HELLO });
    await call(port, "/nothing");
    const { status, body } = await call(port, "/_leadsman/api/v1/health");
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      status: "ready",
      reasons: [],
      requests: { inFlight: 0, inFlightBytes: 0, accepted: 1, refusedByStatus: { "404": 1 } },
      backgroundCalls: 0,
      ledger: { isWritable: true, committedEntries: 7 },
      process: { version: "1.2.3" },
    });
  });
});

describe("what is not there", () => {
  test.each(["/metrics", "/_leadsman/", "/_leadsman/api/v1/", "/api/hello", "/favicon.ico"])(
    "%s: 404 in the envelope",
    async (path) => {
      const { port } = await start();
      const { status, body } = await call(port, path);
      expect([status, JSON.parse(body)]).toMatchObject([
        404,
        { error: { type: "not_found_error" } },
      ]);
    },
  );
});
