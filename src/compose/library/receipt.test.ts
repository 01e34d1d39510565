import { describe, expect, test } from "vitest";
import { exampleAttempt, exampleRecord } from "../../cascade/examples.fixture.ts";
import { receiptOf } from "./receipt.ts";

const TRIAGE = exampleAttempt({ costNanoUsd: 5n, outcome: "aborted", isEstimated: true });
const SHIPPED = exampleAttempt({ costNanoUsd: 7n, index: 1, tier: 1 });
const ANSWER = exampleAttempt({ costNanoUsd: 100n, role: "answer", tier: 2 });

describe("a receipt", () => {
  test("sums its attempts, and knows what was wasted and saved", () => {
    const shipped = exampleRecord({
      ...{ attempts: [TRIAGE, SHIPPED], decision: "shipped", allDeepNanoUsd: 100n },
    });
    expect(receiptOf(shipped)).toMatchObject({
      ...{ costNanoUsd: 12n, wastedNanoUsd: 5n, savedNanoUsd: 88n, isEstimated: true },
    });
    const escalated = exampleRecord({
      ...{ attempts: [TRIAGE, SHIPPED, ANSWER], decision: "escalated", allDeepNanoUsd: 100n },
    });
    expect(receiptOf(escalated)).toMatchObject({
      ...{ costNanoUsd: 112n, wastedNanoUsd: 12n, savedNanoUsd: -12n },
    });
  });

  test("never takes an unknown price for nothing", () => {
    const unpriced = exampleAttempt({ costNanoUsd: null, priceSource: null });
    const attempts = [unpriced, ANSWER];
    const record = exampleRecord({ attempts, decision: "escalated", allDeepNanoUsd: 100n });
    expect(receiptOf(record)).toMatchObject({
      ...{ costNanoUsd: null, wastedNanoUsd: null, savedNanoUsd: null },
    });
    const known = exampleRecord({ attempts: [ANSWER], decision: "control", allDeepNanoUsd: null });
    expect(receiptOf(known)).toMatchObject({ costNanoUsd: 100n, savedNanoUsd: null });
  });

  test("is equal to another of the same record, and writes money as digits", () => {
    const record = exampleRecord({ attempts: [SHIPPED], decision: "shipped" });
    expect(receiptOf(record)).toEqual(receiptOf(record));
    expect(JSON.parse(JSON.stringify({ receipt: receiptOf(record) }))).toMatchObject({
      receipt: { id: record.id, costNanoUsd: "7", attempts: [{ costNanoUsd: "7" }] },
    });
  });
});
