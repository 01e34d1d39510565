import { describe, expect, test } from "vitest";
import { errorDetectorPlan } from "./detector-plans.ts";
import {
  isViolationProved,
  logViolationProof,
  observeViolation,
  startViolationProof,
  type ViolationState,
} from "./violation-proof.ts";

const ones = new Set([5, 9, 14, 22, 23, 31, 38, 47, 52, 60]);
const plan = errorDetectorPlan(0.05);

describe("observeViolation", () => {
  test("is worth what the reference says", () => {
    const expected = new Map([
      [10, 1.9852987993545552],
      [20, 1.9617846990513903],
      [30, 5.44882142587204],
      [40, 17.15960590631565],
      [50, 17.014359276422585],
      [60, 55.81073756344305],
    ]);
    let state = startViolationProof(plan);
    expect(logViolationProof(state)).toBe(0);
    for (let i = 1; i <= 60; i += 1) {
      state = observeViolation(plan, state, ones.has(i) ? 1 : 0);
      const wealth = expected.get(i);
      if (wealth !== undefined) {
        expect(Math.exp(logViolationProof(state)) / wealth).toBeCloseTo(1, 12);
      }
    }
    expect(isViolationProved(state, 0.05)).toBe(true);
    expect(isViolationProved(state, 0.01)).toBe(false);
    const stored: ViolationState = JSON.parse(JSON.stringify(state));
    expect(observeViolation(plan, stored, 1)).toEqual(observeViolation(plan, state, 1));
    expect(JSON.stringify(state).length).toBeLessThan(200);
  });

  test("is a fair bet at the edge", () => {
    let state = startViolationProof(plan);
    for (let i = 0; i < 25; i += 1) {
      const before = Math.exp(logViolationProof(state));
      const hit = Math.exp(logViolationProof(observeViolation(plan, state, 1)));
      const miss = Math.exp(logViolationProof(observeViolation(plan, state, 0)));
      expect((0.05 * hit + 0.95 * miss) / before).toBeCloseTo(1, 12);
      state = observeViolation(plan, state, i % 6 === 0 ? 1 : 0);
    }
  });

  test("refuses values and weights out of range", () => {
    const refusal = expect.objectContaining({ code: "statistics_argument" });
    expect(() => observeViolation(plan, startViolationProof(plan), -1)).toThrow(refusal);
    expect(() => observeViolation(plan, startViolationProof(plan), 1, 0)).toThrow(refusal);
  });
});
