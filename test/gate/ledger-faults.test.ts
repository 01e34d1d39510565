import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { openSqliteLedger } from "../../src/ledger/sqlite/open-sqlite-ledger.ts";
import { startSimulatedServer } from "../../src/providers/simulated/simulated-server.ts";
import { systemClock } from "../../src/support/clock.ts";
import { ask, call, readAnswer } from "../harness/call.ts";
import { openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack | null = null;
afterEach(async () => {
  await stack?.close();
  stack = null;
});

/** Keeps the ledger's file locked until released, as a stuck process would. */
function lock(folder: string): () => void {
  const database = new DatabaseSync(join(folder, "ledger.db"));
  database.exec("BEGIN IMMEDIATE");
  return () => {
    database.exec("ROLLBACK");
    database.close();
  };
}

async function readyStatus(url: string): Promise<number> {
  return (await call(url, { method: "GET", path: "/readyz" })).status;
}

describe.each([
  ["a stream", true],
  ["a whole answer", false],
])("while the ledger cannot be written, %s", (_, isStreaming) => {
  test("is served late under `serve`, booked later, and /readyz says so", async () => {
    stack = await openStack({ ledger: { commitTimeoutMs: 200, onFailure: "serve" } });
    const release = lock(stack.folder);
    const startedMs = performance.now();
    const response = await call(stack.url, { body: ask("Hi [task:faq#1]", isStreaming) });
    expect(readAnswer(response)).toMatchObject({ error: null, stopReason: "end_turn" });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(195);
    await expect.poll(() => readyStatus(stack?.url ?? ""), { timeout: 8_000 }).toBe(503);
    release();
    const record = await stack.record(String(response.headers["x-leadsman-id"]));
    expect(record.status).toBe(200);
    await expect.poll(() => readyStatus(stack?.url ?? ""), { timeout: 8_000 }).toBe(200);
  });

  test("is refused under `refuse`, never with a clean end", async () => {
    stack = await openStack({ ledger: { commitTimeoutMs: 200, onFailure: "refuse" } });
    const release = lock(stack.folder);
    const response = await call(stack.url, { body: ask("Hi [task:faq#1]", isStreaming) });
    release();
    expect(readAnswer(response).error).toBe("api_error");
    expect(response.body.toString("utf8")).toContain("could not write the record");
    if (!isStreaming) expect(response.status).toBe(503);
  });
});

test("kill -9 under load loses no answer that a client has read to its end", async () => {
  const folder = mkdtempSync(join(tmpdir(), "leadsman-kill-"));
  const upstream = await startSimulatedServer({});
  const child = fork(fileURLToPath(new URL("../harness/gateway-child.ts", import.meta.url)), [
    folder,
    upstream.url,
  ]);
  const [{ url }] = (await once(child, "message")) as [{ url: string }];
  const acknowledged: string[] = [];
  const exited = once(child, "exit");
  const clients = Array.from({ length: 16 }, async (_, client) => {
    for (let index = 0; child.exitCode === null && child.signalCode === null; index += 1) {
      const body = ask(`Client ${String(client)} asks ${String(index)}`, index % 2 === 0);
      const response = await call(url, { body }).catch(() => null);
      if (response === null || response.isCut) return;
      const isWhole = readAnswer(response).error === null && response.status === 200;
      if (isWhole) acknowledged.push(String(response.headers["x-leadsman-id"]));
      if (acknowledged.length > 300) child.kill("SIGKILL");
    }
  });
  await exited;
  await Promise.all(clients);
  const ledger = await openSqliteLedger({ path: join(folder, "ledger.db"), clock: systemClock });
  const missing: string[] = [];
  for (const id of acknowledged) if ((await ledger.request(id)) === null) missing.push(id);
  await ledger.close();
  await upstream.close();
  rmSync(folder, { recursive: true, force: true });
  expect(acknowledged.length).toBeGreaterThan(300);
  expect(missing).toEqual([]);
});
