import { afterEach, expect, test } from "vitest";
import { ask, call } from "../harness/call.ts";
import { NO_SAMPLING, openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

let asked = 0;

/** Asks under the name of a task; the id of the answer, which ships. */
async function serve(task: string): Promise<string> {
  asked += 1;
  const text = encodeURIComponent(JSON.stringify({ confidence: 0.9, answer: "a" }));
  const headers = { "x-simulate": `triage:text=${text}`, "x-leadsman-task": task };
  const response = await call(stack.url, { body: ask(`Question ${String(asked)}`), headers });
  expect(response.headers["x-leadsman-decision"]).toBe("shipped");
  return String(response.headers["x-leadsman-id"]);
}

/** Of twenty answers one is of the small task, and wrong; the rest are right. */
async function serveAndLabel(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const tasks = Array.from({ length: 20 }, (_, i) => (i === 0 ? "refund" : "plans"));
    const ids = await Promise.all(tasks.map(serve));
    const labels = ids.map((id, i) => ({ request_id: id, correct: i !== 0, grader: "desk" }));
    await call(stack.url, { path: "/_leadsman/api/v1/labels", body: { labels } });
  }
}

async function watch(): Promise<unknown> {
  const path = "/_leadsman/api/v1/watch?route=support";
  const { body } = await call(stack.url, { path, method: "GET" });
  return JSON.parse(body.toString("utf8")) as unknown;
}

test("a task that is wrong in a route that keeps its limit is told once, over a restart too", async () => {
  stack = await openStack({ route: { sampling: { ...NO_SAMPLING, grade: "100%" } } });
  await serveAndLabel(4);
  await stack.open.watch.tick();
  expect(await stack.open.ledger.alerts({}, 100)).toEqual([]);
  await stack.reopen();
  await serveAndLabel(4);
  await stack.open.watch.tick();
  const alerts = await stack.open.ledger.alerts({}, 100);
  expect(alerts).toEqual([
    expect.objectContaining({
      ...{ rule: "false_confident", subject: "task:refund", severity: "notice" },
      ...{ action: null, revert: null, resolvedAtMs: null },
    }),
  ]);
  expect(await stack.open.ledger.thresholdVersions("support")).toEqual([]);
  expect(await watch()).toMatchObject({
    tiers: [
      {
        ...{ rung: 0.8, graded: 160, wrong: 8 },
        tasks: [{ task: "refund", by: "truth", graded: 8, wrong: 8, isAlarm: true }],
      },
    ],
    openAlerts: [{ subject: "task:refund" }],
  });
});
