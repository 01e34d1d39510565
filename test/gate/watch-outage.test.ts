import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startReceiver, type Receiver } from "../../src/compose/receiver.fixture.ts";
import type { Alert } from "../../src/ledger/records/alert.ts";
import { ask, call, readAnswer } from "../harness/call.ts";
import { NO_SAMPLING, openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await stack.close();
  await receiver.close();
});

const AT_ONCE = 20;
let asked = 0;

/** Requests that are all answered; ids of those that shipped. */
async function serve(count: number, confidence: (i: number) => number): Promise<readonly string[]> {
  const ids: string[] = [];
  const one = async (i: number): Promise<void> => {
    asked += 1;
    const verdict = encodeURIComponent(JSON.stringify({ confidence: confidence(i), answer: "a" }));
    const headers = { "x-simulate": `triage:text=${verdict}` };
    const response = await call(stack.url, { body: ask(`Question ${String(asked)}`), headers });
    expect(readAnswer(response)).toMatchObject({ error: null, stopReason: "end_turn" });
    if (response.headers["x-leadsman-decision"] === "shipped") {
      ids.push(String(response.headers["x-leadsman-id"]));
    }
  };
  for (let from = 0; from < count; from += AT_ONCE) {
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => one(from + i)),
    );
  }
  return ids;
}

/** Keeps the ledger's file locked until released, as a stuck process would. */
function lock(folder: string): () => void {
  const database = new DatabaseSync(join(folder, "ledger.db"));
  database.exec("BEGIN IMMEDIATE");
  return () => {
    database.exec("ROLLBACK");
    database.close();
  };
}

const alerts = (): Promise<readonly Alert[]> => stack.open.ledger.alerts({}, 100);

test("while the ledger cannot be written requests are answered; alarms and moves come once, when it can", async () => {
  const hook = { name: "hook", kind: "webhook", url: `${receiver.url}/hook` };
  stack = await openStack({
    route: { sampling: { ...NO_SAMPLING, grade: "100%" }, storm: { rate: "35%" } },
    ledger: { commitTimeoutMs: 50, onFailure: "serve" },
    alerts: { allowPrivate: true, channels: [hook] },
    jobPollMs: 20,
  });
  const values = [0.8, 0.85, 0.9, 0.95] as const;
  const shipped = await serve(80, (i) => values[i % values.length] ?? 0.9);
  const labels = shipped.map((id, i) => ({ request_id: id, correct: i % 4 !== 0, grader: "desk" }));
  const path = "/_leadsman/api/v1/labels";
  await call(stack.url, { path, body: { labels } });
  const release = lock(stack.folder);
  // Nothing, unless the look of this second came in between.
  const before = await alerts();

  // The raise waits for the ledger, and so does the storm that begins now.
  const looking = stack.open.watch.tick();
  await serve(60, (i) => (i % 10 === 0 ? 0.97 : 0.3));
  expect(await alerts()).toEqual(before);
  release();
  await looking;
  await stack.open.watch.tick();
  await stack.open.watch.tick();

  const told = await alerts();
  const open = told.filter(({ resolvedAtMs }) => resolvedAtMs === null);
  expect(open.map(({ rule }) => rule).toSorted()).toEqual(["escalation_storm", "false_confident"]);
  const versions = await stack.open.ledger.thresholdVersions("support");
  expect(versions.length).toBeGreaterThan(0);
  expect(new Set(versions.map(({ threshold }) => threshold)).size).toBe(versions.length);
  await expect.poll(() => receiver.posts.length, { timeout: 5_000 }).toBe(told.length);
  const keys = receiver.posts.map(({ headers }) => headers["webhook-id"]);
  expect(keys.toSorted()).toEqual(told.map(({ id }) => `notify:${id}:opened:hook`).toSorted());
  expect((await stack.records()).length).toBe(140);

  // The next process knows what was told, once that is written too.
  await stack.graded();
  await stack.reopen();
  await stack.open.watch.tick();
  expect(await alerts()).toEqual(told);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(receiver.posts).toHaveLength(told.length);
}, 60_000);
