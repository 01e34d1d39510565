import { setTimeout } from "node:timers/promises";
import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RequestRecord } from "../../src/cascade/receipt.ts";
import { openLedger } from "../../src/compose/open-ledger.ts";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import type { Grade } from "../../src/ledger/records/evidence.ts";
import type { TotalsRow } from "../../src/ledger/records/traffic-sum.ts";
import { METRIC_LIST, PROCESS_METRICS } from "../../src/telemetry/metric-names.ts";
import { systemClock } from "../../src/support/clock.ts";
import { describeWatch } from "../../src/watch/describe-watch.ts";
import { ask, call } from "../harness/call.ts";
import { openStack, stackConfig, type Stack } from "../harness/open-stack.ts";
import { readMetrics, type ScrapedMetrics } from "../harness/read-metrics.ts";

const PROMPT = "A sentence that must stay between client and model";
const KEY = "sk-ant-test-key-of-a-client";

/** Troubles in turn, so that every decision and a good part of the reasons come about. */
const FAULTS = [
  "",
  "",
  "triage:status=529",
  "triage:die-mid-verdict",
  "triage:verdict=null_answer_high_confidence",
  "deep:status=500",
];

let stack: Stack;
let records: readonly RequestRecord[];
let totals: readonly TotalsRow[];
let scraped: ScrapedMetrics;
let text: string;

beforeAll(async () => {
  const sampling = { shadow: "40%", grade: "20%", control: "15%", band: "100%" };
  stack = await openStack({ route: { sampling }, provider: { apiKey: "sk-ant-own-key" } });
  await sendTraffic();
  await stack.settled();
  records = await stack.records();
  totals = await stack.open.ledger.totals({});
  const response = await call(stack.url, { path: "/metrics", method: "GET" });
  expect(response.status).toBe(200);
  expect(response.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
  text = response.body.toString("utf8");
  scraped = readMetrics(text);
});
afterAll(async () => {
  await stack.close();
});

/** The official SDK, streaming and not, with headers and names that try to break out of labels. */
async function sendTraffic(): Promise<void> {
  const client = new Anthropic({ baseURL: stack.url, apiKey: KEY, maxRetries: 0 });
  for (let index = 0; index < 60; index += 1) {
    const isHostile = index % 10 === 9;
    const model = isHostile ? `claude-opus-made-up-${String(index)}"} 1\n` : "claude-opus-4-7";
    const tools =
      index % 10 === 8 ? [{ name: "t", input_schema: { type: "object" as const } }] : [];
    const headers = {
      "x-simulate": FAULTS[index % FAULTS.length] ?? "",
      "x-leadsman-task": `task-${String(index)}`,
      "x-leadsman-user": `user-${String(index)}`,
    };
    const messages = [{ role: "user" as const, content: `${PROMPT}, number ${String(index)}?` }];
    const body = { model, max_tokens: 300, messages, ...(tools.length > 0 ? { tools } : {}) };
    try {
      if (index % 2 === 0) await client.messages.create(body, { headers });
      else await client.messages.stream(body, { headers }).finalMessage();
    } catch (error) {
      if (!(error instanceof Anthropic.APIError) && !(error instanceof Error)) throw error;
    }
  }
  // A passed-through call, a path that is no message call, one that is refused, one that leaves.
  await call(stack.url, { body: { ...ask(PROMPT), model: "claude-sonnet-4-6" } });
  await call(stack.url, { path: "/v1/files/none", method: "GET" });
  await call(stack.url, { path: "/nowhere", method: "GET" });
  await call(stack.url, { body: ask(PROMPT, true), leaveOn: () => true });
  while (stack.open.gateway.stats().inFlight > 0) await setTimeout(5);
}

const NANO = 1e9;

describe("/metrics after traffic of every kind", () => {
  test("counts the requests that the ledger's totals count, by decision", () => {
    const byDecision = new Map<string, number>();
    for (const { decision, requests } of totals) {
      byDecision.set(decision, (byDecision.get(decision) ?? 0) + requests);
    }
    expect(byDecision.size).toBeGreaterThan(4);
    expect(scraped.sumBy("leadsman_requests_total", "decision")).toEqual(byDecision);
  });

  test("tells the same cost as the totals, background calls included", () => {
    const nanoUsd = totals.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0n);
    expect(nanoUsd).toBeGreaterThan(0n);
    expect(Math.round(scraped.sum("leadsman_cost_usd_total") * NANO)).toBe(Number(nanoUsd));
    const background = totals.reduce((sum, row) => sum + row.backgroundCostNanoUsd, 0n);
    expect(background).toBeGreaterThan(0n);
    const legs = scraped.sumBy("leadsman_cost_usd_total", "leg");
    const shadows = (legs.get("shadow_answer") ?? 0) + (legs.get("shadow_triage") ?? 0);
    expect(Math.round(shadows * NANO)).toBe(Number(background));
  });

  test("tells the same tokens as the receipts, by type", () => {
    const sums = new Map<string, number>();
    for (const { tokens } of records.flatMap(({ attempts }) => attempts)) {
      sums.set("input", (sums.get("input") ?? 0) + tokens.inputTokens);
      sums.set("output", (sums.get("output") ?? 0) + tokens.outputTokens);
    }
    const byType = scraped.sumBy("leadsman_tokens_total", "type");
    expect(byType.get("input")).toBe(sums.get("input"));
    expect(byType.get("output")).toBe(sums.get("output"));
  });

  test("tells the same baseline as the totals, by how it is known", () => {
    const nanoUsd = totals.reduce((sum, { allDeepNanoUsd }) => sum + allDeepNanoUsd, 0n);
    expect(Math.round(scraped.sum("leadsman_baseline_cost_usd_total") * NANO)).toBe(
      Number(nanoUsd),
    );
    const bases = [...scraped.sumBy("leadsman_baseline_cost_usd_total", "basis").keys()];
    expect(bases.sort()).toEqual(["estimated", "measured"]);
  });

  test("counts every upstream call of every receipt, and reasons of escalations", () => {
    const attempts = records.flatMap((record) => record.attempts);
    expect(scraped.sum("leadsman_attempts_total")).toBe(attempts.length);
    expect(scraped.sum("leadsman_attempt_duration_seconds_count")).toBe(attempts.length);
    const reasons = new Map<string, number>();
    for (const { decision, reason } of records) {
      if (decision !== "escalated") continue;
      reasons.set(reason ?? "", (reasons.get(reason ?? "") ?? 0) + 1);
    }
    expect(reasons.size).toBeGreaterThan(2);
    expect(scraped.sumBy("leadsman_escalations_total", "reason")).toEqual(reasons);
  });

  test("has a time for every message call, and what the gateway took is a part of it", () => {
    const messages = records.filter(({ kind }) => kind === "messages");
    expect(scraped.sum("leadsman_request_duration_seconds_count")).toBe(messages.length);
    expect(scraped.sum("leadsman_overhead_seconds_count")).toBe(messages.length);
    const seconds = scraped.sum("leadsman_request_duration_seconds_sum");
    const summed = messages.reduce((sum, { latencyMs }) => sum + latencyMs / 1000, 0);
    expect(seconds).toBeCloseTo(summed, 6);
    expect(scraped.sum("leadsman_overhead_seconds_sum")).toBeGreaterThan(0);
  });

  test("settles every pair once", async () => {
    const { rows } = await stack.open.ledger.pairs({}, 1_000);
    // Drawn by the hash of random ids, so how many there are differs from run to run.
    expect(rows.length).toBeGreaterThan(0);
    expect(scraped.sum("leadsman_shadow_pairs_total")).toBe(rows.length);
  });

  test("tells how things stand", () => {
    expect(scraped.sum("leadsman_threshold")).toBeGreaterThan(0);
    expect(scraped.sum("leadsman_ledger_writable")).toBe(1);
    expect(scraped.sum("leadsman_ledger_lost_total")).toBe(0);
    expect(scraped.sumBy("leadsman_refused_requests_total", "status").get("404")).toBe(1);
    expect(scraped.sum("leadsman_background_jobs_waiting")).toBeGreaterThan(0);
    expect(scraped.sum(PROCESS_METRICS.eventLoopLagP99)).toBeGreaterThan(0);
  });

  test("has every metric of the names file, and no other of that kind", () => {
    for (const { name, kind } of METRIC_LIST) expect(scraped.types.get(name)).toBe(kind);
    const own = [...scraped.types.keys()].filter((name) => !/_(nodejs|process)_/.test(name));
    expect(own.sort()).toEqual(METRIC_LIST.map(({ name }) => name).sort());
  });

  test("makes no series of what clients made up, and holds no text, id or key", () => {
    expect([...scraped.sumBy("leadsman_attempts_total", "model").keys()].sort()).toEqual(
      expect.arrayContaining(["claude-haiku-4-5", "claude-opus-4-7"]),
    );
    for (const secret of ["must stay", "made-up", "task-", "user-", "sk-ant", "req_", "test-key"]) {
      expect(text).not.toContain(secret);
    }
    const labels = new Set(METRIC_LIST.flatMap(({ labels: names }) => names));
    for (const name of scraped.labelNames(/_(nodejs|process)_/)) {
      expect([...labels, "le"]).toContain(name);
    }
  });
});

test("names that clients make up are one series where a tier is what they ask for", async () => {
  const tiers = ["claude-haiku-4-5", "requested"];
  const open = await openStack({ route: { tiers, mode: "off" } });
  for (let index = 0; index < 30; index += 1) {
    const model = `claude-opus-made-up-${String(index)}`;
    const headers = { "x-leadsman-task": model, "x-leadsman-user": model };
    await call(open.url, { body: { ...ask(PROMPT), model }, headers });
  }
  await call(open.url, { body: { ...ask(PROMPT), model: "claude-opus-4-7" } });
  const metrics = await scrape(open.url);
  const byModel = metrics.sumBy("leadsman_attempts_total", "model");
  expect(byModel).toEqual(
    new Map([
      ["other", 30],
      ["claude-opus-4-7", 1],
    ]),
  );
  await open.close();
});

test("the watch's evidence has verdicts of every command, the counter those of this process", async () => {
  const sampling = { shadow: "0%", grade: "100%", control: "0%", band: "0%" };
  const open = await openStack({ route: { sampling } });
  const ids: string[] = [];
  for (let index = 0; index < 30; index += 1) {
    const text = encodeURIComponent(JSON.stringify({ confidence: 0.9, answer: "a" }));
    const headers = { "x-simulate": `triage:text=${text}` };
    const answer = await call(open.url, { body: ask(`Number ${String(index)}?`), headers });
    ids.push(String(answer.headers["x-leadsman-id"]));
  }
  const before = await scrape(open.url);
  expect(before.sum("leadsman_watch_graded")).toBe(0);
  const labels = ids.slice(0, 20).map((id, index) => ({ request_id: id, correct: index !== 7 }));
  await call(open.url, { path: "/_leadsman/api/v1/labels", body: { labels } });
  // As `leadsman grade` does, from another process.
  const other = await openLedger(
    stackConfig(open.folder, open.upstream.url, {}).ledger,
    systemClock,
  );
  await other.append(
    ids.slice(20).map((itemId, index) => human(itemId, index === 0 ? "wrong" : "right")),
  );
  await other.close();
  await open.open.watch.tick();

  const after = await scrape(open.url);
  expect(after.sumBy("leadsman_watch_graded", "route")).toEqual(new Map([["support", 30]]));
  expect(after.sumBy("leadsman_watch_wrong", "tier")).toEqual(new Map([["0", 2]]));
  expect(after.sum("leadsman_watch_allowed_ratio")).toBe(0.05);
  const [tier] = (await describeWatch(open.open.ledger, "support")).tiers;
  expect(after.sum("leadsman_watch_evidence_ratio")).toBe(tier?.alarmShare);
  expect(tier?.alarmShare).toBeGreaterThan(0);
  expect(after.sumBy("leadsman_grades_total", "route")).toEqual(new Map([["support", 20]]));
  expect(after.sumBy("leadsman_grades_total", "verdict")).toEqual(
    new Map([
      ["wrong", 1],
      ["right", 19],
    ]),
  );
  await open.close();
});

async function scrape(url: string): Promise<ScrapedMetrics> {
  const { body } = await call(url, { path: "/metrics", method: "GET" });
  return readMetrics(body.toString("utf8"));
}

function human(itemId: string, outcome: "right" | "wrong"): LedgerEntry {
  const grade: Grade = {
    ...{ id: `grade_${itemId}`, itemId, tier: 0, by: "human", outcome, grader: "human:ann" },
    ...{ createdAtMs: Date.now(), isRepeat: false, note: null, retractedAtMs: null },
  };
  return { kind: "grade", grade };
}

describe("who may read /metrics", () => {
  test("anybody on loopback without tokens, but under our own name only", async () => {
    const denied = await call(stack.url, {
      path: "/metrics",
      method: "GET",
      headers: { host: "rebound.example" },
    });
    expect(denied.status).toBe(421);
  });

  test.each([
    ["no token", {}, 401],
    ["a wrong one", { authorization: "Bearer guess" }, 401],
    ["the token for metrics", { authorization: "Bearer look-only" }, 200],
    ["the gateway's token", { authorization: "Bearer all-of-it" }, 200],
    ["the gateway's own header", { "x-leadsman-token": "look-only" }, 200],
  ])("with tokens, %s is told so", async (_, headers, status) => {
    const guarded = await openStack({
      server: { token: "all-of-it" },
      telemetry: { metrics: { token: "look-only" } },
    });
    const get = { path: "/metrics", method: "GET", headers: { ...headers } };
    expect((await call(guarded.url, get)).status).toBe(status);
    // A token for metrics opens nothing else.
    const api = { ...get, path: "/_leadsman/api/v1/health" };
    expect((await call(guarded.url, api)).status).toBe(401);
    await guarded.close();
  });

  test("nobody when they are switched off", async () => {
    const silent = await openStack({ telemetry: { metrics: { enabled: false } } });
    const response = await call(silent.url, { path: "/metrics", method: "GET" });
    expect(response.status).toBe(404);
    await silent.close();
  });
});
