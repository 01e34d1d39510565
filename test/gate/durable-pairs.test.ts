import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SimulatedFault } from "../../src/providers/simulated/simulated-fault.ts";
import {
  startSimulatedServer,
  type SimulatedServer,
} from "../../src/providers/simulated/simulated-server.ts";
import { systemClock, type Clock } from "../../src/support/clock.ts";
import { ask, call } from "../harness/call.ts";
import { NO_SAMPLING, openStack, type Stack, type StackOptions } from "../harness/open-stack.ts";

/** Both of these outlive the gateway: that is what the tests are about. */
let upstream: SimulatedServer;
let stack: Stack | null = null;
/** Whether the background side of each request hangs, so that a gateway dies with it. */
let isHanging = false;
let fault: SimulatedFault | null = null;

beforeEach(async () => {
  isHanging = true;
  fault = null;
  upstream = await startSimulatedServer({
    faults: ({ isTriage, prompt }) => {
      const isBackground = isTriage === prompt.startsWith("shadow");
      if (!isBackground) return null;
      return isHanging ? { kind: "hang" } : fault;
    },
  });
});
afterEach(async () => {
  await stack?.close();
  stack = null;
  await upstream.close();
});

const KEY = { apiKey: "own-key" };
const SHADOW = { mode: "shadow" };
const LIVE = { threshold: 0, sampling: { ...NO_SAMPLING, shadow: "100%" } };
/** After a kill the side is due when the head start of the call in memory is over. */
const LATER: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + 600_000 };

/** A gateway that is killed with the background side of its only request under way. */
async function killed(route: object, provider: object): Promise<{ folder: string; id: string }> {
  const folder = mkdtempSync(join(tmpdir(), "leadsman-kill-"));
  const options: StackOptions = { route: { ...route }, provider: { ...provider } };
  const child = fork(fileURLToPath(new URL("../harness/gateway-child.ts", import.meta.url)), [
    ...[folder, upstream.url, JSON.stringify(options)],
  ]);
  const [{ url }] = (await once(child, "message")) as [{ url: string }];
  const exited = once(child, "exit");
  const id = await send(url, route === SHADOW ? "shadow" : "live");
  await expect.poll(() => upstream.calls().length).toBe(2);
  child.kill("SIGKILL");
  await exited;
  return { folder, id };
}

async function send(url: string, prompt: string): Promise<string> {
  const headers = { "x-api-key": "client-key", "anthropic-beta": "some-beta-2026-01-01" };
  const response = await call(url, { body: ask(prompt), headers });
  expect(response.status).toBe(200);
  return String(response.headers["x-leadsman-id"]);
}

async function open(options: StackOptions): Promise<Stack> {
  const provider = { ...options.provider, baseUrl: upstream.url };
  stack = await openStack({ jobPollMs: 5, ...options, provider });
  return stack;
}

async function jobs({ open: { ledger } }: Stack): Promise<readonly unknown[]> {
  const counts = await ledger.jobCounts({});
  return counts
    .filter(({ kind }) => kind === "shadow")
    .map(({ state, reason, jobs: count }) => [state, reason, count]);
}

describe("after kill -9", () => {
  test.each([
    ["cheap", SHADOW, "shadow_triage"],
    ["deep", LIVE, "shadow_answer"],
  ] as const)("the %s side is fetched where a key is configured", async (which, route, role) => {
    const { folder, id } = await killed(route, KEY);
    isHanging = false;
    const again = await open({ route, provider: KEY, folder, clock: LATER });
    await again.graded();
    const pair = await again.open.ledger.pair(id);
    expect(pair?.cheap.missing).toBeNull();
    expect(pair?.deep.missing).toBeNull();
    const record = await again.record(id);
    expect(record.attempts.map((one) => [one.role, one.index])).toEqual([
      [route === SHADOW ? "answer" : "triage", 0],
      [role, 201],
    ]);
    expect(pair?.[which].attempt).toBe(201);
    expect(await again.open.ledger.body(id, "answer:201")).not.toBeNull();
    expect(await again.open.ledger.evidenceOf(id)).toMatchObject([
      { cheapMissing: null, deepMissing: null, propensity: 1 },
    ]);
    expect(await jobs(again)).toEqual([["done", null, 1]]);
    const [totals] = await again.open.ledger.totals({});
    const costs = record.attempts.map(({ costNanoUsd }) => costNanoUsd ?? 0n);
    expect(totals?.costNanoUsd).toBe(costs.reduce((sum, cost) => sum + cost, 0n));
  });

  test.each([SHADOW, LIVE])("with the client's key the side is gone: %j", async (route) => {
    const { folder, id } = await killed(route, {});
    isHanging = false;
    const again = await open({ route, folder, clock: LATER });
    await again.graded();
    const pair = await again.open.ledger.pair(id);
    expect(route === SHADOW ? pair?.cheap.missing : pair?.deep.missing).toBe("credential_gone");
    const evidence = await again.open.ledger.evidenceOf(id);
    expect(evidence.map(({ deepMissing }) => deepMissing)).toEqual(
      route === SHADOW ? [] : ["credential_gone"],
    );
    expect(await jobs(again)).toEqual([]);
    expect(upstream.calls()).toHaveLength(2);
  });

  test("a configured key that was taken away leaves the side gone", async () => {
    const { folder, id } = await killed(SHADOW, KEY);
    const again = await open({ route: SHADOW, folder, clock: LATER });
    await again.graded();
    expect((await again.open.ledger.pair(id))?.cheap.missing).toBe("credential_gone");
    expect(await jobs(again)).toEqual([["given_up", "credential_gone", 1]]);
  });

  test.each([
    ["over_budget", { limits: { backgroundUsdPerDay: 0 } }],
    ["route_gone", { name: "other" }],
  ])("%s: the side says so", async (reason, changes) => {
    const { folder, id } = await killed(SHADOW, KEY);
    const again = await open({
      ...{ route: { ...SHADOW, ...changes }, provider: KEY, folder, clock: LATER },
    });
    await again.graded();
    expect((await again.open.ledger.pair(id))?.cheap.missing).toBe(reason);
    expect(await jobs(again)).toEqual([["given_up", reason, 1]]);
  });

  test("a text that was deleted cannot be asked again", async () => {
    const { folder, id } = await killed(SHADOW, KEY);
    const again = await open({ route: SHADOW, provider: KEY, folder });
    await again.open.ledger.purgeBodies(LATER.nowMs());
    await again.reopen({ clock: LATER });
    await again.graded();
    expect((await again.open.ledger.pair(id))?.cheap.missing).toBe("text_gone");
  });
});

test("what upstream says to a triage is its outcome, in a job as in memory", async () => {
  const { folder, id } = await killed(SHADOW, KEY);
  isHanging = false;
  fault = { kind: "status", status: 529 };
  const again = await open({ route: SHADOW, provider: KEY, folder, clock: LATER });
  await again.graded();
  expect((await again.open.ledger.pair(id))?.cheap.missing).toBe("http_error");
  expect(await again.open.ledger.evidenceOf(id)).toMatchObject([{ cheapMissing: "http_error" }]);
  expect(await jobs(again)).toEqual([["done", null, 1]]);
});

test("a gateway that is stopped leaves the side to the next one, at once", async () => {
  const first = await open({ route: SHADOW, provider: KEY });
  const id = await send(first.url, "shadow");
  await expect.poll(() => upstream.calls().length).toBe(2);
  isHanging = false;
  await first.reopen();
  await first.graded();
  const { attempts } = await first.record(id);
  expect(attempts.map(({ role, outcome }) => [role, outcome])).toEqual([
    ["answer", "completed"],
    ["shadow_triage", "client_left"],
    ["shadow_triage", "completed"],
  ]);
  expect((await first.open.ledger.pair(id))?.cheap.missing).toBeNull();
  // The triage that was cut says nothing of how triages end.
  expect(await first.open.ledger.triageCounts({})).toMatchObject([{ triages: 1 }]);
  expect(await first.open.ledger.evidenceOf(id)).toHaveLength(1);
});

test("the call in memory ends its job, and nobody asks a second time", async () => {
  isHanging = false;
  const first = await open({ route: SHADOW, provider: KEY });
  const id = await send(first.url, "shadow");
  await first.settled();
  await first.reopen({ clock: LATER });
  await first.graded();
  expect(await jobs(first)).toEqual([["done", null, 1]]);
  expect((await first.record(id)).attempts).toHaveLength(2);
  expect(upstream.calls()).toHaveLength(2);
});

test("while the call in memory is under way no worker takes its place", async () => {
  let nowMs = systemClock.nowMs();
  const clock: Clock = { ...systemClock, nowMs: () => nowMs };
  const first = await open({ route: SHADOW, provider: KEY, clock });
  const id = await send(first.url, "shadow");
  await expect.poll(() => upstream.calls().length).toBe(2);
  nowMs += 600_000;
  // Time for a dozen looks at the due job.
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(upstream.calls()).toHaveLength(2);
  expect((await first.open.ledger.pair(id))?.cheap.missing).toBe("pending");
});
