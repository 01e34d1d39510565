import { expect, test } from "vitest";
import { evidenceOf } from "../../ledger/contract/evidence.fixture.ts";
import { gradeOrder } from "../../ledger/records/grade-order.ts";
import { systemClock } from "../../support/clock.ts";
import { createGradingPlan } from "./plan-grading.ts";

function judgedOf(ids: readonly string[], judgeShare: number): readonly string[] {
  const plans = new Map([["support", { compareKind: null, judgeShare }]]);
  const jobsOf = createGradingPlan(plans, systemClock);
  return ids.filter((itemId) => jobsOf(evidenceOf(itemId, { route: "support" })).length > 0);
}

test("a judge is asked about the first share of the order in which people grade", () => {
  const ids = Array.from({ length: 400 }, (_, i) => `req_${String(i)}`);
  const inOrder = ids.toSorted((one, other) => gradeOrder(one) - gradeOrder(other));
  for (const share of [0, 0.25, 0.5, 1]) {
    const judged = new Set(judgedOf(ids, share));
    expect(Math.abs(judged.size - 400 * share)).toBeLessThanOrEqual(30);
    expect(judged).toEqual(new Set(inOrder.slice(0, judged.size)));
  }
});
