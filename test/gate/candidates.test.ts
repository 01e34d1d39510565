import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { replayDecision } from "../../src/cascade/replay-decision.ts";
import type { Evidence } from "../../src/ledger/records/evidence.ts";
import type { RecordedCall } from "../../src/providers/simulated/call-log.ts";
import type { SimulatedCall } from "../../src/providers/simulated/simulated-exchange.ts";
import type { SimulatedFault } from "../../src/providers/simulated/simulated-fault.ts";
import {
  startSimulatedServer,
  type SimulatedServer,
} from "../../src/providers/simulated/simulated-server.ts";
import { buildEvidenceReport } from "../../src/reports/evidence/build-evidence-report.ts";
import type { EvidenceReport } from "../../src/reports/evidence/build-evidence-report.ts";
import { systemClock, type Clock } from "../../src/support/clock.ts";
import { ask, call } from "../harness/call.ts";
import { NO_SAMPLING, openStack, type Stack, type StackOptions } from "../harness/open-stack.ts";

const CHEAP = "claude-haiku-4-5";
const CANDIDATE = "claude-sonnet-4-6";
const OTHER = "claude-sonnet-5-5";
const JUDGE = "claude-opus-5-5";
/** Of an answer that stays on disk or goes to the wrong door. */
const CLIENT_KEY = "sk-client-secret-4711";

const SAMPLING = { ...NO_SAMPLING, candidate: "100%" };
/** When a lease that a killed process held is over. */
const LATER: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + 600_000 };

let upstream: SimulatedServer;
let stack: Stack | null = null;
/** What the candidate does; null = says what its prompt asks for. */
let candidateFault: SimulatedFault | null = null;

beforeEach(async () => {
  candidateFault = null;
  upstream = await startSimulatedServer({ faults: answerOf });
});
afterEach(async () => {
  await stack?.close();
  stack = null;
  await upstream.close();
});

/** The cheap model is sure of what is "easy" alone; candidates agree and are sure unless asked not to. */
function answerOf({ model, prompt }: SimulatedCall): SimulatedFault | null {
  const verdict = (confidence: number, answer: string): SimulatedFault => ({
    kind: "text",
    text: JSON.stringify({ confidence, answer }),
  });
  if (model === CHEAP) {
    const isNear = prompt.startsWith("near");
    return verdict(prompt.startsWith("easy") ? 0.9 : isNear ? 0.75 : 0.2, "yes");
  }
  if (model === JUDGE) {
    const text = JSON.stringify({ first: "right", second: "wrong", agreement: "differs" });
    return { kind: "text", text };
  }
  const answer = "yes ".repeat(prompt.includes("at length") ? 300 : 1).trim();
  if (model !== CANDIDATE && model !== OTHER) return { kind: "text", text: answer };
  const confidence = prompt.includes("unsure") ? 0.3 : 0.7;
  return candidateFault ?? verdict(confidence, prompt.includes("differ") ? "no" : answer);
}

function options(route: Readonly<Record<string, unknown>> = {}): StackOptions {
  return {
    route: { candidates: [CANDIDATE], sampling: SAMPLING, ...route },
    provider: { apiKey: "own-key", baseUrl: upstream.url },
    jobPollMs: 5,
  };
}

async function open(changes: StackOptions = options()): Promise<Stack> {
  stack = await openStack(changes);
  return stack;
}

async function send(url: string, prompt: string): Promise<string> {
  const headers = { "x-api-key": CLIENT_KEY, "anthropic-beta": "some-beta-2026-01-01" };
  const response = await call(url, { body: ask(prompt), headers });
  expect(response.status).toBe(200);
  return String(response.headers["x-leadsman-id"]);
}

/** Sends it and waits until nothing is left to be done about it. */
async function sendAndSettle(to: Stack, prompt: string): Promise<string> {
  const id = await send(to.url, prompt);
  await to.record(id);
  await to.graded();
  return id;
}

function callsTo(model: string): number {
  return upstream.calls().filter((one) => one.model === model).length;
}

async function jobs({ open: { ledger } }: Stack): Promise<readonly unknown[]> {
  const counts = await ledger.jobCounts({});
  return counts
    .filter(({ kind }) => kind === "candidate")
    .map(({ state, reason, jobs: count }) => [state, reason, count]);
}

async function tried({ open: { ledger } }: Stack, id: string): Promise<readonly Evidence[]> {
  return ledger.evidenceOf(id, "candidates");
}

describe("an escalated request", () => {
  test("is sent to the candidate as a tier would be, beside the answer that the client got", async () => {
    const to = await open();
    const id = await sendAndSettle(to, "hard");
    const record = await to.record(id);
    expect(record.attempts.map(({ role, tier, index }) => [role, tier, index])).toEqual([
      ["triage", 0, 0],
      ["answer", 1, 1],
      ["candidate", 100, 401],
    ]);
    expect(record.draws.at(-1)).toEqual({ purpose: "candidate", propensity: 1, isChosen: true });
    const [, deep, candidate] = record.attempts;
    expect(candidate).toMatchObject({ model: CANDIDATE, confidence: 0.7, threshold: null });
    const triage = upstream.calls().find(({ model }) => model === CHEAP);
    const asked = upstream.calls().find(({ model }) => model === CANDIDATE);
    expect(asked?.headers).toMatchObject({
      "x-api-key": "own-key",
      "anthropic-beta": "some-beta-2026-01-01",
    });
    const bodyOf = (one: RecordedCall | undefined): Record<string, unknown> =>
      JSON.parse(Buffer.from(one?.body ?? []).toString("utf8")) as Record<string, unknown>;
    expect(bodyOf(asked)).toEqual({ ...bodyOf(triage), model: CANDIDATE });
    expect(await tried(to, id)).toEqual([
      expect.objectContaining({
        ...{ tier: 100, deepTier: 1, decision: "escalated", propensity: 1, confidence: 0.7 },
        ...{
          cheapMissing: null,
          deepMissing: null,
          differs: false,
          promptHash: triagePrompt(record),
        },
        ...{ cheapCostNanoUsd: candidate?.costNanoUsd, deepCostNanoUsd: deep?.costNanoUsd },
      }),
    ]);
    expect(await jobs(to)).toEqual([["done", null, 1]]);
  });

  test("teaches nothing about the tiers", async () => {
    const to = await open();
    const id = await sendAndSettle(to, "hard, differ");
    const { ledger } = to.open;
    expect(await tried(to, id)).toMatchObject([{ differs: true }]);
    expect(await ledger.evidenceOf(id)).toEqual([]);
    expect(await ledger.evidenceCounts({})).toEqual([]);
    expect((await ledger.evidence({}, 10)).rows).toEqual([]);
    expect(await ledger.triageCounts({})).toMatchObject([{ tier: 0, triages: 1 }]);
    expect(await ledger.pair(id)).toBeNull();
  });

  test("has the candidate's cost in its receipt, in the totals and in the day's budget", async () => {
    const to = await open();
    const { attempts } = await to.record(await sendAndSettle(to, "hard"));
    const cost = attempts.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n);
    const [totals] = await to.open.ledger.totals({});
    expect(totals?.costNanoUsd).toBe(cost);
    const spend = await to.open.ledger.backgroundSpend("support", 0);
    expect(spend.costNanoUsd).toBe(attempts[2]?.costNanoUsd);
    expect(spend.costNanoUsd).toBeGreaterThan(0n);
  });

  test("replays to the same decision", async () => {
    const to = await open();
    const record = await to.record(await sendAndSettle(to, "hard"));
    const version = await to.open.ledger.routeVersion(record.routeVersion ?? "");
    expect(replayDecision(record, version?.route ?? null)).toEqual({
      ...{ decision: record.decision, reason: record.reason, tier: record.tier },
    });
  });

  test("may be tried on several candidates", async () => {
    const to = await open(options({ candidates: [CANDIDATE, OTHER] }));
    const id = await sendAndSettle(to, "hard");
    const { attempts } = await to.record(id);
    expect(attempts.slice(2).map(({ model, tier, index }) => [model, tier, index])).toEqual(
      expect.arrayContaining([
        [CANDIDATE, 100, 401],
        [OTHER, 101, 421],
      ]),
    );
    expect((await tried(to, id)).map(({ tier, differs }) => [tier, differs])).toEqual([
      [100, false],
      [101, false],
    ]);
  });

  test("is judged for the candidate's sake alone", async () => {
    const to = await open(options({ judge: { model: JUDGE } }));
    const id = await sendAndSettle(to, "hard, differ");
    const grades = await to.open.ledger.grades(id);
    expect(grades.map(({ by, tier }) => [by, tier]).toSorted()).toEqual([
      ["agreement", 100],
      ["judge", 100],
    ]);
    const { attempts } = await to.record(id);
    expect(attempts.filter(({ role }) => role === "judge").map(({ index }) => index)).toEqual([
      321,
    ]);
  });

  test("that was a near miss is evidence of either, each with its own verdicts", async () => {
    const sampling = { ...SAMPLING, band: "100%" };
    const to = await open(options({ sampling, judge: { model: JUDGE } }));
    const id = await sendAndSettle(to, "near, differ");
    const { ledger } = to.open;
    const tiers = await ledger.evidenceOf(id);
    expect(tiers.map(({ tier, confidence, differs }) => [tier, confidence, differs])).toEqual([
      [0, 0.75, false],
    ]);
    const candidates = await tried(to, id);
    expect(candidates.map(({ tier, confidence, differs }) => [tier, confidence, differs])).toEqual([
      [100, 0.7, true],
    ]);
    const judged = (await ledger.grades(id)).filter(({ by }) => by === "judge");
    expect(judged.map(({ tier }) => tier).toSorted((a, b) => a - b)).toEqual([0, 1, 100]);
    const { attempts } = await to.record(id);
    const indexes = attempts.filter(({ role }) => role === "judge").map(({ index }) => index);
    expect(indexes.toSorted((a, b) => a - b)).toEqual([301, 321]);
  });

  test("that was streamed is compared like any other", async () => {
    const to = await open();
    const response = await call(to.url, {
      body: ask("hard, differ", true),
      headers: { "x-api-key": CLIENT_KEY },
    });
    const id = String(response.headers["x-leadsman-id"]);
    await to.record(id);
    await to.graded();
    expect(await tried(to, id)).toMatchObject([{ tier: 100, differs: true }]);
  });

  test("and what the candidate answered can be read over the API", async () => {
    const to = await open();
    const id = await sendAndSettle(to, "hard, differ");
    const get = async (path: string): Promise<unknown> => {
      const answer = await call(to.url, { path: `/_leadsman/api/v1/${path}`, method: "GET" });
      return JSON.parse(answer.body.toString("utf8"));
    };
    expect(await get("evidence")).toEqual({ rows: [], next: null });
    expect(await get("evidence?of=candidates")).toMatchObject({ rows: [{ tier: 100 }] });
    expect(await get(`evidence/${id}?of=candidates`)).toMatchObject({ evidence: [{ tier: 100 }] });
    expect(await get("pairs?of=candidates")).toMatchObject({
      rows: [{ evidence: { tier: 100 }, cheap: "no", deep: "yes" }],
    });
  });

  test.each<[string, SimulatedFault, Partial<Evidence>]>([
    ["refuses", { kind: "stop", at: "start", reason: "refusal" }, { cheapMissing: "refused" }],
    ["is overloaded", { kind: "status", status: 529 }, { cheapMissing: "http_error" }],
    ["states nothing", { kind: "text", text: "yes" }, { cheapMissing: "verdict_unreadable" }],
    ["is unsure", verdictOf(0.1), { cheapMissing: null, confidence: 0.1 }],
    ["passes", verdictOf(0.9, null), { cheapMissing: "null_answer", confidence: 0.9 }],
  ])("a candidate that %s is asked once, and that is its outcome", async (_, fault, expected) => {
    candidateFault = fault;
    const to = await open();
    const id = await sendAndSettle(to, "hard");
    expect(await tried(to, id)).toMatchObject([expected]);
    expect(callsTo(CANDIDATE)).toBe(1);
    expect(await jobs(to)).toEqual([["done", null, 1]]);
  });
});

test.each([
  ["long answers", "hard, at length", "add_tier"],
  // The verdict's instruction costs more than the deep model's one word.
  ["short ones", "hard", "do_not_add_tier"],
])("of enough %s the report says whether the candidate would pay", async (_, prompt, says) => {
  const to = await open();
  for (let turn = 0; turn < 90; turn += 1) {
    await send(to.url, `${prompt}${turn % 10 === 0 ? ", unsure, differ" : ""} ${String(turn)}`);
    if (turn % 5 === 0) await send(to.url, `easy ${String(turn)}`);
  }
  await to.graded();
  const { routes } = await reportOf(to);
  const [route] = routes;
  expect(route?.candidates).toMatchObject([
    {
      ...{ model: CANDIDATE, asked: 90, usable: 90, says, basis: "agreement" },
      best: { threshold: 0.7, closes: 81, hits: 0, trials: 81 },
      differences: { compared: 81, differing: 0 },
    },
  ]);
  const costs = route?.candidates[0]?.costs;
  expect((costs?.withUsd ?? 0) < (costs?.withoutUsd ?? 0)).toBe(says === "add_tier");
  expect(route?.advice.advice.at(-1)).toMatchObject({ rule: "middle_tier", says });
  expect(route?.tiers).toEqual([]);
});

describe("nobody is asked", () => {
  test("about what shipped, was bypassed or got no answer", async () => {
    const to = await open();
    await sendAndSettle(to, "easy");
    const body = { ...ask("hard"), max_tokens: 4 };
    await call(to.url, { body, headers: { "x-api-key": CLIENT_KEY } });
    await call(to.url, {
      body: ask("hard"),
      headers: { "x-simulate": "deep:status=500", "x-api-key": CLIENT_KEY },
    });
    await to.graded();
    expect(await jobs(to)).toEqual([]);
    expect(callsTo(CANDIDATE)).toBe(0);
  });

  test("where the draw says no, and its texts are not kept", async () => {
    const to = await open(options({ sampling: { ...SAMPLING, candidate: 1e-9 } }));
    const id = await sendAndSettle(to, "hard");
    const record = await to.record(id);
    expect(record.draws.at(-1)).toEqual({
      ...{ purpose: "candidate", propensity: 1e-9, isChosen: false },
    });
    expect(await to.open.ledger.body(id, "request")).toBeNull();
    expect(await jobs(to)).toEqual([]);
  });

  test("beyond the day's budget, also after a restart", async () => {
    const limits = { backgroundUsdPerDay: 0.000_001 };
    const to = await open(options({ limits }));
    await sendAndSettle(to, "hard");
    await sendAndSettle(to, "hard as well");
    expect(callsTo(CANDIDATE)).toBe(1);
    await to.reopen();
    await sendAndSettle(to, "hard still");
    expect(callsTo(CANDIDATE)).toBe(1);
    expect(await jobs(to)).toEqual(
      expect.arrayContaining([
        ["done", null, 1],
        ["given_up", "over_budget", 2],
      ]),
    );
  });

  test("whose name was taken off the list while its job waited", async () => {
    candidateFault = { kind: "hang" };
    const to = await open();
    const id = await send(to.url, "hard");
    await expect.poll(() => callsTo(CANDIDATE)).toBe(1);
    await to.reopen(options({ candidates: [OTHER] }));
    await to.graded();
    expect(await tried(to, id)).toEqual([]);
    expect(await jobs(to)).toEqual([["given_up", "not_configured", 1]]);
    expect(callsTo(OTHER)).toBe(0);
  });
});

describe("a restart", () => {
  test("in good order takes up what was cut", async () => {
    candidateFault = { kind: "hang" };
    const to = await open();
    const id = await send(to.url, "hard");
    await expect.poll(() => callsTo(CANDIDATE)).toBe(1);
    candidateFault = null;
    await to.reopen();
    await to.graded();
    expect(await tried(to, id)).toMatchObject([{ confidence: 0.7, differs: false }]);
    const { attempts } = await to.record(id);
    expect(attempts.slice(2).map(({ outcome, index }) => [outcome, index])).toEqual([
      ["client_left", 401],
      ["completed", 402],
    ]);
    await to.reopen({ clock: LATER });
    await to.graded();
    expect(callsTo(CANDIDATE)).toBe(2);
  });

  test("after kill -9 loses none and counts none twice, and the client's key is nowhere", async () => {
    const folder = mkdtempSync(join(tmpdir(), "leadsman-kill-"));
    const child = fork(fileURLToPath(new URL("../harness/gateway-child.ts", import.meta.url)), [
      ...[folder, upstream.url, JSON.stringify(options())],
    ]);
    const [{ url }] = (await once(child, "message")) as [{ url: string }];
    const exited = once(child, "exit");
    const ids: string[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      if (turn === 3) {
        await expect.poll(() => callsTo(CANDIDATE)).toBe(3);
        candidateFault = { kind: "hang" };
      }
      ids.push(await send(url, `hard ${String(turn)}`));
    }
    await expect.poll(() => callsTo(CANDIDATE)).toBe(6);
    child.kill("SIGKILL");
    await exited;
    candidateFault = null;
    const to = await open({ ...options(), folder, clock: LATER });
    await to.graded();
    for (const id of ids) {
      expect(await tried(to, id)).toMatchObject([{ differs: false }]);
      const { attempts } = await to.record(id);
      expect(attempts.filter(({ role }) => role === "candidate")).toHaveLength(1);
    }
    expect(await jobs(to)).toEqual([["done", null, 6]]);
    expect(callsTo(CANDIDATE)).toBe(9);
    const counts = await to.open.ledger.evidenceCounts({ of: "candidates" });
    expect(counts.reduce((sum, { items }) => sum + items, 0)).toBe(6);
    for (const file of readdirSync(folder)) {
      expect(readFileSync(join(folder, file)).includes(CLIENT_KEY)).toBe(false);
    }
  });
});

test("without candidates everything is as it was before there were any", async () => {
  const ledgers: unknown[] = [];
  for (const route of [{ sampling: NO_SAMPLING }, { sampling: SAMPLING, candidates: [] }]) {
    const to = await open({ ...options(), route });
    const id = await sendAndSettle(to, "hard");
    const { draws, routeVersion, attempts } = await to.record(id);
    const { ledger } = to.open;
    ledgers.push({
      ...{ draws, routeVersion, calls: attempts.map(({ role, model }) => [role, model]) },
      ...{ body: await ledger.body(id, "request"), jobs: await ledger.jobCounts({}) },
    });
    await to.close();
    stack = null;
  }
  expect(ledgers[0]).toEqual(ledgers[1]);
  expect(ledgers[0]).toMatchObject({ draws: [{ purpose: "control" }], body: null, jobs: [] });
});

function verdictOf(confidence: number, answer: string | null = "yes"): SimulatedFault {
  return { kind: "text", text: JSON.stringify({ confidence, answer }) };
}

async function reportOf({ open: { ledger } }: Stack): Promise<EvidenceReport> {
  return buildEvidenceReport(ledger, {
    ...{ fromMs: 0, toMs: systemClock.nowMs() + 1_000, withTexts: false },
    ...{ labelUsd: 0.05, fixedUsdPerMonth: 20 },
    routes: [
      {
        ...{ name: "support", mode: "live", thresholds: [0.8, null], target: "joint" },
        models: [CHEAP, "claude-opus-4-7"],
        candidates: [CANDIDATE],
        promised: { atMost: 0.05, failureProbability: 0.05 },
      },
    ],
  });
}

function triagePrompt(record: Awaited<ReturnType<Stack["record"]>>): string | null {
  return record.attempts[0]?.promptHash ?? null;
}
