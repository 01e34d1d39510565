import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { replayDecision } from "../../src/cascade/replay-decision.ts";
import type { RequestRecord } from "../../src/cascade/receipt.ts";
import { ask, call } from "../harness/call.ts";
import { openStack, type Stack } from "../harness/open-stack.ts";

const FAULTS = [
  "",
  "",
  "",
  "triage:status=529",
  "triage:die-mid-verdict",
  "triage:verdict=null_answer_high_confidence",
  "triage:verdict=percent_string",
  "triage:die-mid-answer",
  "triage:max-tokens-mid-answer",
  "deep:status=500",
  "triage:prompt-too-long",
];

let stack: Stack;
let records: readonly RequestRecord[];
beforeAll(async () => {
  // Everything at once: control, comparisons of shipped answers, near misses that run on. The few
  // near misses there are all run on, since they are drawn by ids that differ in every run.
  const sampling = { shadow: "30%", grade: "20%", control: "15%", band: "100%" };
  stack = await openStack({ route: { sampling } });
  for (let index = 0; index < 220; index += 1) {
    await call(stack.url, {
      body: ask(`Question number ${String(index)}?`, index % 2 === 0),
      headers: { "x-simulate": FAULTS[index % FAULTS.length] ?? "" },
    });
  }
  await stack.settled();
  records = await stack.records();
});
afterAll(async () => {
  await stack.close();
});

describe("the books", () => {
  test("hold one record for every request, and every kind of decision", () => {
    expect(records).toHaveLength(220);
    const decisions = new Set(records.map(({ decision }) => decision));
    expect([...decisions].sort()).toEqual(["bypassed", "control", "escalated", "shipped"]);
  });

  test("every record and its route version give the same decision again", async () => {
    for (const record of records) {
      const version = await stack.open.ledger.routeVersion(record.routeVersion ?? "");
      expect(version).not.toBeNull();
      const replayed = replayDecision(record, version?.route ?? null);
      expect({ id: record.id, ...replayed }).toMatchObject({
        id: record.id,
        decision: record.decision,
        reason: record.reason,
      });
    }
  });

  test("the totals are the sum of the receipts, background calls included", async () => {
    const totals = await stack.open.ledger.totals({});
    const sum = records
      .flatMap(({ attempts }) => attempts)
      .reduce((total, { costNanoUsd }) => total + (costNanoUsd ?? 0n), 0n);
    expect(totals.reduce((total, { costNanoUsd }) => total + costNanoUsd, 0n)).toBe(sum);
    expect(totals.reduce((total, { requests }) => total + requests, 0)).toBe(records.length);
    const roles = new Set(records.flatMap(({ attempts }) => attempts.map(({ role }) => role)));
    expect([...roles].sort()).toEqual(["answer", "shadow_answer", "triage"]);
  });

  test("attempts are numbered in the order of sending and none is missing", () => {
    for (const { attempts } of records) {
      expect(attempts.map(({ index }) => index)).toEqual(attempts.map((_, index) => index));
    }
  });

  test("a pair has both sides, or says why one is missing", async () => {
    const { rows } = await stack.open.ledger.pairs({}, 1_000);
    expect(rows.length).toBeGreaterThan(10);
    for (const { cheap, deep } of rows) {
      expect(cheap.attempt === null).toBe(cheap.missing !== null);
      expect(deep.attempt === null).toBe(deep.missing !== null);
      expect([cheap.missing, deep.missing]).not.toContain("pending");
    }
    const ranOn = records.filter(({ draws }) =>
      draws.some(({ purpose, isChosen }) => purpose === "band" && isChosen),
    );
    expect(ranOn.length).toBeGreaterThan(0);
  });

  test("no credential is anywhere in the ledger's file", async () => {
    const { readFileSync, readdirSync } = await import("node:fs");
    for (const file of readdirSync(stack.folder)) {
      expect(readFileSync(`${stack.folder}/${file}`).includes("test-key")).toBe(false);
    }
  });
});
