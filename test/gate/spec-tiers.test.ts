import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openGateway, type OpenGateway } from "../../src/compose/open-gateway.ts";
import { formatProblems } from "../../src/config/config-problem.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import {
  startSimulatedServer,
  type SimulatedServer,
} from "../../src/providers/simulated/simulated-server.ts";
import { ask, call, readAnswer } from "../harness/call.ts";
import { NO_SAMPLING } from "../harness/open-stack.ts";

const KEY = "sk-client-secret-4711";
const OWN_KEY = "sk-gateway-secret-0815";

let folder: string;
let near: SimulatedServer;
let far: SimulatedServer;
let open: OpenGateway;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "leadsman-tiers-"));
  near = await startSimulatedServer({});
  far = await startSimulatedServer({});
});
afterEach(async () => {
  await open.shutDown(AbortSignal.timeout(1_000));
  await near.close();
  await far.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Three tiers: the first at `near`, the others at the provider that also serves what no route takes. */
async function openThree(
  nearAuth: Record<string, string>,
  mode = "live",
  lastTier: unknown = "claude-opus-4-7",
): Promise<string> {
  const file = {
    version: 1,
    server: { port: 0 },
    providers: {
      anthropic: { baseUrl: far.url },
      near: { baseUrl: near.url, ...nearAuth },
    },
    routes: [
      {
        name: "three",
        match: { model: "claude-opus-*" },
        tiers: [
          { model: "claude-haiku-4-5", provider: "near", threshold: 0.9 },
          { model: "claude-sonnet-4-6", threshold: 0.6 },
          lastTier,
        ],
        mode,
        bodies: "all",
        sampling: NO_SAMPLING,
      },
    ],
    ledger: { url: `sqlite:${join(folder, "ledger.db")}` },
  };
  const readFile = (): string => JSON.stringify(file);
  const loaded = loadConfig({ path: "leadsman.yaml", env: {}, readFile });
  if (!loaded.ok) throw new Error(formatProblems(loaded.problem));
  open = await openGateway(loaded.value.config);
  return open.gateway.url;
}

function verdicts(first: number, second: number): Record<string, string> {
  const text = (confidence: number, answer: string): string =>
    encodeURIComponent(JSON.stringify({ confidence, answer }));
  return {
    "x-simulate":
      `claude-haiku-4-5:text=${text(first, "cheap")},` +
      `claude-sonnet-4-6:text=${text(second, "middle")},claude-opus-4-7:text=deep`,
    "x-api-key": KEY,
  };
}

async function recordOf(id: unknown) {
  return open.ledger.request(String(id));
}

describe("three tiers of two providers", () => {
  test.each([
    [0.9, 0, "cheap", "0", "0.9", "shipped", ["near"]],
    [0.89, 0.6, "middle", "1", "0.6", "shipped", ["near", "anthropic"]],
    [0.89, 0.59, "deep", "2", "0.6", "escalated", ["near", "anthropic", "anthropic"]],
  ] as const)(
    "confidences %d and %d: %s",
    async (first, second, text, tier, line, decision, by) => {
      const url = await openThree({ apiKey: OWN_KEY });
      for (const isStreaming of [true, false]) {
        const response = await call(url, {
          body: ask("Hi", isStreaming),
          headers: verdicts(first, second),
        });
        expect(readAnswer(response)).toEqual({ text, stopReason: "end_turn", error: null });
        expect(response.headers).toMatchObject({
          "x-leadsman-decision": decision,
          "x-leadsman-tier": tier,
          "x-leadsman-threshold": line,
          "x-leadsman-route": "three",
        });
        const record = await recordOf(response.headers["x-leadsman-id"]);
        expect(record?.attempts.map(({ provider }) => provider)).toEqual(by);
        expect(record?.attempts.at(-1)?.model).toBe(response.headers["x-leadsman-model"]);
        expect(response.headers["request-id"]).toBe(record?.attempts.at(-1)?.upstreamRequestId);
      }
    },
  );

  test("a provider with a key of its own never sees the client's, nor the other one ours", async () => {
    const url = await openThree({ apiKey: OWN_KEY });
    const headers = { ...verdicts(0.1, 0.1), authorization: "Bearer sk-client-bearer" };
    await call(url, { body: ask("Hi"), headers });
    expect(near.calls().map(({ headers }) => headers["x-api-key"])).toEqual([OWN_KEY]);
    expect(JSON.stringify(near.calls().map(({ headers }) => headers))).not.toContain("client");
    expect(far.calls()).toHaveLength(2);
    for (const { headers } of far.calls()) {
      expect(headers["x-api-key"]).toBe(KEY);
      expect(JSON.stringify(headers)).not.toContain(OWN_KEY);
    }
  });

  test.each(["live", "shadow"])(
    "the client's key goes to the provider of its answer, never to another (%s)",
    async (mode) => {
      const url = await openThree({ auth: "passthrough" }, mode);
      const headers = { ...verdicts(0.1, 0.1), authorization: `Bearer ${KEY}` };
      await call(url, { body: ask("Hi"), headers });
      while (open.router.backgroundCalls() > 0) await new Promise((done) => setTimeout(done, 5));
      expect(far.calls().at(-1)?.headers["x-api-key"]).toBe(KEY);
      expect(JSON.stringify(near.calls().map(({ headers }) => headers))).not.toContain(KEY);
    },
  );

  test("no credential is in the ledger's files, bodies kept and all", async () => {
    const url = await openThree({ apiKey: OWN_KEY });
    for (const fault of ["status=401", "status=500", "hang-up"]) {
      const headers = { "x-simulate": fault, authorization: `Bearer ${KEY}`, "x-api-key": KEY };
      const response = await call(url, { body: ask("Hi"), headers });
      const seen = response.body.toString("utf8") + JSON.stringify(response.headers);
      expect(seen).not.toContain(KEY);
      expect(seen).not.toContain(OWN_KEY);
    }
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1"));
    expect(files.join("")).not.toContain(KEY);
    expect(files.join("")).not.toContain(OWN_KEY);
  });
});

describe.each([
  ["that also serves what no route takes", "claude-opus-4-7", () => far],
  ["of its own", { model: "claude-opus-4-7", provider: "near" }, () => near],
])("tokens of a route are counted where its last tier answers, at a provider %s", (_, tier, at) => {
  test.each(["leadsman", "leadsman/three", "claude-leadsman-three", "claude-opus-4-7"])(
    "asked for as %s",
    async (model) => {
      const url = await openThree({ apiKey: OWN_KEY }, "shadow", tier);
      const { max_tokens: _, ...counted } = ask("Hi");
      const path = "/v1/messages/count_tokens";
      const response = await call(url, { path, body: { ...counted, model } });
      expect(response.status).toBe(200);
      const [seen] = at().calls();
      expect(Buffer.from(seen?.body ?? []).toString("utf8")).toBe(
        JSON.stringify({ ...counted, model: "claude-opus-4-7" }),
      );
    },
  );
});
