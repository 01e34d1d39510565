import { afterEach, describe, expect, test } from "vitest";
import type { Evidence } from "../../src/ledger/records/evidence.ts";
import { ask, call } from "../harness/call.ts";
import { NO_SAMPLING, openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

const UNGRADED = { label: null, human: null, judge: null };

/** Asks once and returns what the ledger has learnt from it. */
async function learnFrom(
  verdict: { readonly confidence: number; readonly answer: string | null },
  options: { readonly prompt?: string; readonly headers?: Record<string, string> } = {},
): Promise<readonly Evidence[]> {
  const text = encodeURIComponent(JSON.stringify(verdict));
  const response = await call(stack.url, {
    body: ask(options.prompt ?? "Hi"),
    headers: {
      "x-simulate": `triage:text=${text},deep:text=deep%20words`,
      ...options.headers,
    },
  });
  const id = String(response.headers["x-leadsman-id"]);
  await stack.record(id);
  await stack.settled();
  return stack.open.ledger.evidenceOf(id);
}

describe("in shadow", () => {
  test("both answers become evidence, with the costs that the receipt says", async () => {
    stack = await openStack({ route: { mode: "shadow" } });
    const headers = { "x-leadsman-task": "refund" };
    const [evidence, ...others] = await learnFrom({ confidence: 0.9, answer: "a" }, { headers });
    expect(others).toEqual([]);
    expect(evidence).toMatchObject({
      tier: 0,
      deepTier: 1,
      source: "traffic",
      route: "support",
      task: "refund",
      decision: "shadowed",
      propensity: 1,
      confidence: 0.9,
      cheapMissing: null,
      deepMissing: null,
      cheap: UNGRADED,
      deep: UNGRADED,
      differs: null,
      inputClasses: expect.arrayContaining(["length:short"]),
    });
    const record = await stack.record(evidence?.itemId ?? "");
    const costs = record.attempts.map(({ role, costNanoUsd }) => [role, costNanoUsd]);
    expect(costs).toEqual([
      ["answer", evidence?.deepCostNanoUsd],
      ["shadow_triage", evidence?.cheapCostNanoUsd],
    ]);
    expect(await stack.open.ledger.evidenceCounts({})).toMatchObject([{ items: 1 }]);
    expect(await stack.open.ledger.triageCounts({})).toMatchObject([
      { confidence: 0.9, role: "shadow_triage", triages: 1, failureCode: null },
    ]);
  });

  test("a cheap answer that could ship at no threshold says why", async () => {
    stack = await openStack({ route: { mode: "shadow" } });
    expect(await learnFrom({ confidence: 0.9, answer: null })).toMatchObject([
      { confidence: 0.9, cheapMissing: "null_answer", deepMissing: null },
    ]);
  });

  test("the share that is triaged is the propensity", async () => {
    stack = await openStack({ route: { mode: "shadow", sampling: { triage: "50%" } } });
    const learnt: Evidence[] = [];
    for (let turn = 0; turn < 40; turn += 1) {
      learnt.push(
        ...(await learnFrom({ confidence: 0.9, answer: "a" }, { prompt: `Hi ${String(turn)}` })),
      );
    }
    expect(learnt.length).toBeGreaterThan(5);
    expect(learnt.length).toBeLessThan(35);
    expect(learnt.every(({ propensity }) => propensity === 0.5)).toBe(true);
  });

  test("requests that repeat each other become a cluster", async () => {
    stack = await openStack({ route: { mode: "shadow" } });
    const [alone] = await learnFrom({ confidence: 0.9, answer: "a" }, { prompt: "Another" });
    const [first] = await learnFrom({ confidence: 0.9, answer: "a" });
    const [second] = await learnFrom({ confidence: 0.9, answer: "a" });
    const [rewritten] = await stack.open.ledger.evidenceOf(first?.itemId ?? "");
    expect([alone?.cluster, first?.cluster]).toEqual([null, null]);
    expect(second?.cluster).toMatch(/^repeat:/);
    expect(rewritten?.cluster).toBe(second?.cluster);
    const counts = await stack.open.ledger.evidenceCounts({});
    const itemsOf = (isClustered: boolean): number =>
      counts
        .filter(({ key }) => key.isClustered === isClustered)
        .reduce((sum, { items }) => sum + items, 0);
    expect([itemsOf(false), itemsOf(true)]).toEqual([1, 2]);
  });
});

describe("in live", () => {
  test.each([
    [{ grade: "100%" }, 1, "not_sampled"],
    [{ shadow: "100%", grade: "20%" }, 1, null],
  ])(
    "a shipped answer with %j: propensity %d, deep side %s",
    async (sampling, propensity, deep) => {
      stack = await openStack({ route: { sampling: { ...NO_SAMPLING, ...sampling } } });
      expect(await learnFrom({ confidence: 0.9, answer: "a" })).toMatchObject([
        { decision: "shipped", propensity, cheapMissing: null, deepMissing: deep },
      ]);
    },
  );

  test("what nobody drew teaches nothing, but its triage is counted", async () => {
    stack = await openStack({ route: { sampling: NO_SAMPLING } });
    expect(await learnFrom({ confidence: 0.9, answer: "a" })).toEqual([]);
    expect(await learnFrom({ confidence: 0.2, answer: null })).toEqual([]);
    const counts = await stack.open.ledger.triageCounts({});
    expect(counts.map(({ confidence, triages }) => [confidence, triages]).toSorted()).toEqual([
      [0.2, 1],
      [0.9, 1],
    ]);
  });

  test("a near miss that ran on is compared with the deep answer", async () => {
    stack = await openStack({ route: { sampling: { ...NO_SAMPLING, band: "100%" } } });
    expect(await learnFrom({ confidence: 0.75, answer: "nearly" })).toMatchObject([
      { decision: "escalated", propensity: 1, confidence: 0.75, cheapMissing: null },
    ]);
  });

  test("bypassed and control requests compare nothing", async () => {
    stack = await openStack({ route: { sampling: { ...NO_SAMPLING, control: "100%" } } });
    expect(await learnFrom({ confidence: 0.9, answer: "a" })).toEqual([]);
    const headers = { "x-leadsman-bypass": "1" };
    expect(await learnFrom({ confidence: 0.9, answer: "a" }, { headers })).toEqual([]);
  });
});
