import { afterEach, expect, test } from "vitest";
import type { Alert } from "../../src/ledger/records/alert.ts";
import { ask, call } from "../harness/call.ts";
import { NO_SAMPLING, openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

const GRADED = { ...NO_SAMPLING, grade: "100%" } as const;
const CONFIDENCES = [0.8, 0.85, 0.9, 0.95] as const;
const AT_ONCE = 20;
let asked = 0;

interface Asked {
  readonly confidence?: (i: number) => number;
  readonly task?: string;
}

/** Requests with the confidences that are stated for them; the ids of those that shipped. */
async function serve(count: number, { confidence, task }: Asked = {}): Promise<readonly string[]> {
  const ids: string[] = [];
  const one = async (i: number): Promise<void> => {
    asked += 1;
    const stated = confidence?.(i) ?? CONFIDENCES[i % CONFIDENCES.length] ?? 0.9;
    const text = encodeURIComponent(JSON.stringify({ confidence: stated, answer: "a" }));
    const headers = {
      "x-simulate": `triage:text=${text}`,
      ...(task === undefined ? {} : { "x-leadsman-task": task }),
    };
    const response = await call(stack.url, { body: ask(`Question ${String(asked)}`), headers });
    if (response.headers["x-leadsman-decision"] === "shipped") {
      ids.push(String(response.headers["x-leadsman-id"]));
    }
  };
  for (let from = 0; from < count; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - from);
    await Promise.all(Array.from({ length: size }, (_, i) => one(from + i)));
  }
  return ids;
}

async function label(ids: readonly string[], isWrong: (i: number) => boolean): Promise<void> {
  const labels = ids.map((id, i) => ({ request_id: id, correct: !isWrong(i), grader: "desk" }));
  const path = "/_leadsman/api/v1/labels";
  for (let from = 0; from < labels.length; from += 100) {
    await call(stack.url, { path, body: { labels: labels.slice(from, from + 100) } });
  }
}

const alerts = (): Promise<readonly Alert[]> => stack.open.ledger.alerts({}, 100);
const versions = () => stack.open.ledger.thresholdVersions("support");
const thresholdInForce = (): number | null | undefined =>
  stack.open.routes.current()[0]?.route.tiers[0]?.threshold;

/** By the clock on the wall, as an operator would see it. */
async function within(ms: number, holds: () => Promise<boolean>): Promise<void> {
  const untilMs = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > untilMs) throw new Error(`not within ${String(ms)} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("healthy traffic is quiet; a cheap model that gets worse is told of, and the threshold rises", async () => {
  stack = await openStack({ route: { sampling: GRADED } });
  await label(await serve(300), (i) => i % 50 === 49);
  await stack.open.watch.tick();
  expect(await alerts()).toEqual([]);
  expect(await versions()).toEqual([]);
  expect(stack.open.watch.gradeFactor("support")).toBe(1);

  for (let round = 0; round < 10 && (await versions()).length === 0; round += 1) {
    await label(await serve(60), (i) => i % 10 === 9);
    // The gateway looks by itself once a second; within two the new threshold is to be in force.
    await within(2_000, async () => {
      const states = await stack.open.ledger.watchStates("support");
      const [newest] = await stack.open.ledger
        .gradedSince("support", 0, 1_000)
        .then((all) => [all.at(-1)]);
      return states.some(({ json }) => json.includes(`"cursor":${String(newest?.sequence)}`));
    });
  }
  const [version] = await versions();
  expect(version).toMatchObject({
    by: "watch",
    tier: 0,
    threshold: 0.85,
    configuredThreshold: 0.8,
  });
  expect(version?.reason).toMatch(
    /^\d+ of \d+ graded answers were wrong; the detector reached \d+ of 2000$/,
  );
  expect(JSON.parse(version?.certificate ?? "")).toMatchObject({
    by: "watch",
    certifies: false,
    move: { direction: "raise", from: 0.8, to: 0.85, evidence: { alarmLevel: 2_000 } },
  });
  await within(2_000, () => Promise.resolve(thresholdInForce() === 0.85));
  expect(stack.open.routes.current()[0]?.isCertified).toBe(false);
  const open = (await alerts()).filter(({ resolvedAtMs }) => resolvedAtMs === null);
  expect(open).toEqual([
    expect.objectContaining({
      rule: "false_confident",
      action: "threshold 0.8 to 0.85",
      revert: 'leadsman tune support --undo --reason "…"',
    }),
  ]);
  expect(await serve(1, { confidence: () => 0.8 })).toEqual([]);

  // What ships now is right again: that is proved, and told once.
  await label(await serve(400, { confidence: () => 0.9 }), () => false);
  await stack.open.watch.tick();
  const after = await alerts();
  expect(after.filter(({ resolvedAtMs }) => resolvedAtMs === null)).toEqual([]);
  expect(after).toHaveLength((await alerts()).length);
});

test("a storm in one class is one alert that names it, over a restart too, and one resolve", async () => {
  stack = await openStack({ route: { storm: { rate: "35%" } } });
  const both = async (rounds: number, refund: (i: number) => number): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) {
      await serve(20, { task: "refund", confidence: refund });
      await serve(20, { task: "other" });
    }
  };
  await both(3, () => 0.9);
  await both(4, (i) => (i % 10 === 0 ? 0.9 : 0.3));
  await stack.open.watch.tick();
  const [opened, ...others] = await alerts();
  expect(others).toEqual([]);
  expect(opened).toMatchObject({
    ...{ rule: "escalation_storm", subject: "task:refund", resolvedAtMs: null, severity: "page" },
    facts: { suspect: "confidence_collapse", isBypassed: false },
  });

  await stack.reopen();
  await both(2, (i) => (i % 10 === 0 ? 0.9 : 0.3));
  await stack.open.watch.tick();
  expect(await alerts()).toEqual([opened]);

  await both(12, () => 0.9);
  await stack.open.watch.tick();
  expect(await alerts()).toEqual([{ ...opened, resolvedAtMs: expect.any(Number) as number }]);
});

test("a storm that is to be bypassed costs no more triages but for probes, and ends by them", async () => {
  stack = await openStack({ route: { storm: { rate: "35%", policy: "bypass" } } });
  const low = { task: "refund", confidence: () => 0.3 };
  await serve(40, low);
  const before = stack.upstream.calls().length;
  await serve(100, low);
  const calls = stack.upstream.calls().length - before;
  expect(calls).toBeGreaterThan(100);
  expect(calls).toBeLessThan(140);
  const records = (await stack.records()).slice(-100);
  const bypassed = records.filter(({ reason }) => reason === "storm");
  expect(bypassed.length).toBeGreaterThan(70);
  expect(bypassed[0]).toMatchObject({ decision: "bypassed" });
  expect(bypassed[0]?.draws).toContainEqual({ purpose: "probe", propensity: 0.1, isChosen: false });
  expect(records.filter(({ decision }) => decision === "escalated").length).toBeGreaterThan(0);
});

test("what a killed process had not written is worked out again, and nothing is counted twice", async () => {
  stack = await openStack({ route: { sampling: GRADED } });
  await label(await serve(60), (i) => i % 4 === 0);
  await stack.open.watch.tick();
  const told = await alerts();
  const made = await versions();
  const states = await stack.open.ledger.watchStates("support");
  expect(made.length).toBeGreaterThan(0);
  await stack.reopen();
  await stack.open.watch.tick();
  expect(await alerts()).toEqual(told);
  expect(await versions()).toEqual(made);
  const verdicts = (all: typeof states): string | undefined =>
    all.find(({ name }) => name.startsWith("verdicts/"))?.json;
  expect(verdicts(await stack.open.ledger.watchStates("support"))).toBe(verdicts(states));
});
