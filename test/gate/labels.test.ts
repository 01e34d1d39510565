import { afterEach, describe, expect, test } from "vitest";
import { evidenceOfRecord } from "../../src/datasets/labels/evidence-of-record.ts";
import { placeLabel } from "../../src/datasets/labels/place-label.ts";
import { ask, call } from "../harness/call.ts";
import { NO_SAMPLING, openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

async function requestId(verdict: object, headers: Record<string, string> = {}): Promise<string> {
  const text = encodeURIComponent(JSON.stringify(verdict));
  const response = await call(stack.url, {
    body: ask("Hi"),
    headers: { "x-simulate": `triage:text=${text},deep:text=deep%20words`, ...headers },
  });
  const id = String(response.headers["x-leadsman-id"]);
  await stack.record(id);
  await stack.settled();
  return id;
}

async function madeOf(id: string) {
  const { ledger } = stack.open;
  const record = await stack.record(id);
  const version = await ledger.routeVersion(record.routeVersion ?? "");
  const pair = await ledger.pair(id);
  return evidenceOfRecord({ record, pair, route: version?.route ?? null }, null);
}

describe("evidence that is made of a record", () => {
  test.each([
    ["in shadow", { mode: "shadow" }, { confidence: 0.9, answer: "a" }],
    ["in shadow, without an answer", { mode: "shadow" }, { confidence: 0.9, answer: null }],
    [
      "shipped and paired",
      { sampling: { ...NO_SAMPLING, shadow: "100%" } },
      { confidence: 0.9, answer: "a" },
    ],
    [
      "shipped, to be graded",
      { sampling: { ...NO_SAMPLING, grade: "100%" } },
      { confidence: 0.9, answer: "a" },
    ],
    [
      "a near miss that ran on",
      { sampling: { ...NO_SAMPLING, band: "100%" } },
      { confidence: 0.75, answer: "a" },
    ],
  ])("says of a request %s what the gateway says, but for how it was drawn", async (...given) => {
    const [, route, verdict] = given;
    stack = await openStack({ route });
    const id = await requestId(verdict);
    const [written] = await stack.open.ledger.evidenceOf(id);
    const made = await madeOf(id);
    expect(written).toBeDefined();
    expect(made).toMatchObject({ ok: true, value: { evidence: { ...written, propensity: null } } });
  });
});

test("a label on an answer that nobody drew is kept, outside of every bound", async () => {
  stack = await openStack({ route: { sampling: NO_SAMPLING } });
  const { ledger } = stack.open;
  const id = await requestId({ confidence: 0.9, answer: "a" });
  expect(await ledger.evidenceOf(id)).toEqual([]);
  const label = { itemId: id, tier: null, outcome: "wrong", grader: "ada", note: null } as const;
  for (const nowMs of [1, 2]) {
    const placed = await placeLabel(ledger, label, nowMs);
    if (!placed.ok) throw new Error(placed.problem.message);
    if (placed.value.entries.length > 0) await ledger.append(placed.value.entries);
  }
  expect(await ledger.evidenceOf(id)).toMatchObject([
    { propensity: null, decision: "shipped", confidence: 0.9, cheap: { label: "wrong" } },
  ]);
  expect(await ledger.grades(id)).toHaveLength(1);
});
