import { describe, expect, test } from "vitest";
import type { TuningLook } from "../../ledger/ledger.ts";
import { chargeLooks, goalText, hashOfCells } from "./charge-looks.ts";
import type { TuningGoal } from "./tuning-goal.ts";
import type { SampleCell } from "./tuning-sample.ts";

const ONCE: TuningGoal = { target: "joint", atMost: 0.05, confidence: 0.95, looks: "once" };
const AGAIN: TuningGoal = { ...ONCE, looks: "any_time" };
const LOOK: TuningLook = {
  ...{ id: "look_1", route: "support", createdAtMs: Date.UTC(2026, 10, 3, 9, 30) },
  ...{ subject: "[s]", goal: goalText(ONCE), dataHash: "d1", labelledRows: 300 },
  ...{ failureProbability: 0.05, certified: null },
};
const looked = { goal: ONCE, subject: "[s]", dataHash: "d2" };

describe("a look that was allowed once", () => {
  test("leaves everything when there was none", () => {
    expect(chargeLooks([], looked)).toEqual({
      ...{ failureProbability: 0.05, spent: 0, sentence: null, isRepeated: false },
    });
  });

  test("may be taken again at the same rows for the same goal, at the same price", () => {
    const again = chargeLooks([{ ...LOOK, failureProbability: 0.02 }], {
      ...looked,
      dataHash: "d1",
    });
    expect(again).toMatchObject({ failureProbability: 0.02, isRepeated: true, sentence: null });
  });

  test.each<[string, typeof looked]>([
    ["other rows", looked],
    [
      "the same rows for another goal",
      { ...looked, dataHash: "d1", goal: { ...ONCE, atMost: 0.02 } },
    ],
    ["any number of looks", { ...looked, dataHash: "d1", goal: AGAIN }],
  ])("leaves nothing for %s", (_name, other) => {
    expect(chargeLooks([LOOK], other)).toMatchObject({
      failureProbability: 0,
      sentence:
        "A look with --one-shot (the last on 2026-11-03 09:30 UTC) spent 5.0 % of failure " +
        "probability, and 5.0 % are allowed: nothing is left to certify with. Ask for less " +
        "confidence, or tune on later days alone with --since.",
    });
  });

  test("leaves the rest where less confidence is asked for", () => {
    const charge = chargeLooks([LOOK], { ...looked, goal: { ...AGAIN, confidence: 0.92 } });
    expect(charge).toMatchObject({ failureProbability: 0.03, spent: 0.05 });
    expect(charge.sentence).toMatch(/3\.0 % of the 8\.0 % are left for this one\.$/);
  });

  test("says nothing of other models and of later days", () => {
    expect(chargeLooks([LOOK], { ...looked, subject: "[t]" }).spent).toBe(0);
    const fromMs = Date.UTC(2026, 10, 4);
    expect(chargeLooks([LOOK], { ...looked, fromMs }).spent).toBe(0);
    expect(chargeLooks([LOOK], { ...looked, fromMs: LOOK.createdAtMs - 1 }).spent).toBe(0.05);
  });
});

test("rows are named by what they are, not by their order", () => {
  const cell: SampleCell = {
    ...{ dayMs: 0, confidence: 0.9, isWrong: false, isDeepWrong: null, weight: 1 },
    ...{ draw: "whole_range" as const, cluster: null, gradeLevel: 0, check: null, rows: 3 },
  };
  const other = { ...cell, isWrong: true };
  expect(hashOfCells([cell, other])).toBe(hashOfCells([other, cell]));
  expect(hashOfCells([cell])).not.toBe(hashOfCells([{ ...cell, rows: 4 }]));
});
