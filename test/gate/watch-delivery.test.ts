import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startReceiver, type Receiver } from "../../src/compose/receiver.fixture.ts";
import {
  startSimulatedServer,
  type SimulatedServer,
} from "../../src/providers/simulated/simulated-server.ts";
import { alertOf } from "../../src/watch/channels/alert.fixture.ts";
import { startCli, type CliProcess } from "../cli/cli-process.ts";
import { ask, call } from "../harness/call.ts";
import { openStack, stackFile } from "../harness/open-stack.ts";

let folder: string;
let upstream: SimulatedServer;
let receiver: Receiver;
const started: CliProcess[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "leadsman-delivery-"));
  upstream = await startSimulatedServer({});
  receiver = await startReceiver();
});
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
  await receiver.close();
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

const hookAt = (name: string): object => ({
  name,
  kind: "webhook",
  url: `${receiver.url}/${name}`,
});
const alertsOf = (...channels: readonly object[]) => ({ allowPrivate: true, channels });
const keysAt = (wanted: string): readonly unknown[] =>
  receiver.posts.filter(({ path }) => path === wanted).map(({ headers }) => headers["webhook-id"]);

async function up(): Promise<CliProcess & { readonly url: string }> {
  const cli = startCli(["up"], folder);
  started.push(cli);
  const [, url = ""] = await cli.said(/ANTHROPIC_BASE_URL=(http:\S+)/);
  return { ...cli, url };
}

let asked = 0;

/** Nearly all of it escalates. @returns how long each took, in milliseconds */
async function storm(url: string, count: number): Promise<readonly number[]> {
  const took: number[] = [];
  for (let i = 0; i < count; i += 1) {
    asked += 1;
    const verdict = JSON.stringify({ confidence: i % 10 === 0 ? 0.9 : 0.3, answer: "a" });
    const headers = { "x-simulate": `triage:text=${encodeURIComponent(verdict)}` };
    const startedMs = performance.now();
    const { status } = await call(url, { body: ask(`Question ${String(asked)}`), headers });
    expect(status).toBe(200);
    took.push(performance.now() - startedMs);
  }
  return took;
}

test("kill -9 in the middle of a delivery: the next process tells it, under the same key", async () => {
  const file = stackFile(folder, upstream.url, { alerts: alertsOf(hookAt("hook")) });
  writeFileSync(join(folder, "leadsman.yaml"), file);
  receiver.answerWith("/hook", null);
  const first = await up();
  await storm(first.url, 80);
  await expect.poll(() => keysAt("/hook").length, { timeout: 10_000 }).toBe(1);
  first.child.kill("SIGKILL");
  await first.ended;

  receiver.answerWith("/hook", 200);
  const second = await up();
  // The lease of who was killed ends after half a minute.
  await expect.poll(() => keysAt("/hook").length, { timeout: 40_000, interval: 100 }).toBe(2);
  await storm(second.url, 10);
  second.child.kill("SIGTERM");
  expect(await second.ended).toMatchObject({ exitCode: 0 });
  const keys = keysAt("/hook");
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^notify:alert_[0-9a-f]{32}:opened:hook$/);
  const [before, after] = receiver.posts.map(({ body }) => JSON.parse(body) as unknown);
  expect(after).toEqual(before);
}, 90_000);

test("with hundreds waiting for a dead receiver, requests do not wait and another channel is told at once", async () => {
  receiver.answerWith("/dead", null);
  const alerts = alertsOf(hookAt("dead"), hookAt("alive"));
  const stack = await openStack({ alerts, jobPollMs: 50 });
  try {
    const { ledger, channels, watch } = stack.open;
    const old = Array.from({ length: 400 }, (_, i) => alertOf({ id: `alr_${String(i)}` }));
    const dead = old.flatMap((alert) =>
      channels.notificationsOf(alert, "opened").filter(({ id }) => id.endsWith(":dead")),
    );
    expect(dead).toHaveLength(400);
    await ledger.append(dead.map((job) => ({ kind: "job", job })));
    await expect.poll(() => keysAt("/dead").length).toBe(4);

    const took = await storm(stack.url, 80);
    const openedMs = performance.now();
    await watch.tick();
    await watch.tick();
    await expect.poll(() => keysAt("/alive").length, { timeout: 5_000 }).toBe(1);
    expect(performance.now() - openedMs).toBeLessThan(3_000);
    // A try at the dead receiver takes 15 s.
    expect(Math.max(...took)).toBeLessThan(2_000);
  } finally {
    await stack.close();
  }
}, 60_000);
