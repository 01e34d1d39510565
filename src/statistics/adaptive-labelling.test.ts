import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import {
  nextLabel,
  startLabelling,
  type LabellingMove,
  type LabellingPlan,
} from "./adaptive-labelling.ts";
import { trialsUntilSafe } from "./trials-until-safe.ts";

const plan: LabellingPlan = {
  thresholds: [0.95, 0.8],
  weights: [0.5, 0.5],
  atMost: 0.05,
  failureProbability: 0.1,
  labelBudget: 1_000,
};

describe("nextLabel", () => {
  test("labels rows that reach the threshold until the evidence suffices, then uses them again", () => {
    const confidences = Array.from({ length: 600 }, (_, i) => [0.95, 0.8, 0.5][i % 3] ?? 0);
    const { move, labels } = walk(plan, confidences, () => false);
    const first = trialsUntilSafe(0, 0.05, 0.05);
    const second = trialsUntilSafe(0, 0.05, 0.1);
    expect(move).toMatchObject({ kind: "stop", reason: "all_tested" });
    expect(move.state.certified).toEqual([0.95, 0.8]);
    // The second threshold needs fewer rows than the first has labelled; half of them are at hand.
    expect(move.state.labelsSpent).toBe(first + Math.floor(second / 2));
    expect([...labels.keys()].every((row) => confidences[row] !== 0.5)).toBe(true);
  });

  test("gives a threshold up when it has become futile and goes on with what is left", () => {
    const confidences = Array.from({ length: 2_000 }, (_, i) => (i % 20 === 0 ? 0.95 : 0.8));
    const { move } = walk({ ...plan, labelBudget: 2_000 }, confidences, (row) => row % 40 === 0);
    expect(move.state.certified).toEqual([]);
    expect(move).toMatchObject({ reason: "out_of_rows" });
    const many = Array.from({ length: 8_000 }, (_, i) => (i % 20 === 0 ? 0.95 : 0.8));
    const later = walk({ ...plan, labelBudget: 8_000 }, many, (row) => row % 40 === 0);
    expect(later.move.state.certified).toEqual([0.8]);
  });

  test("stops when the budget is spent and pauses when rows run out", () => {
    const confidences = Array.from({ length: 50 }, () => 0.95);
    const poor = walk({ ...plan, labelBudget: 20 }, confidences, () => false);
    expect(poor.move).toMatchObject({ reason: "budget_spent", state: { labelsSpent: 20 } });
    const paused = walk(plan, confidences, () => false);
    expect(paused.move).toMatchObject({ reason: "out_of_rows", state: { trials: 50 } });
    const more = [...confidences, ...confidences];
    const resumed = walk(plan, more, () => false, paused.move.state, paused.labels);
    expect(resumed.move).toMatchObject({ reason: "all_tested", state: { certified: [0.95, 0.8] } });
  });

  test("asks for nothing where no level is left", () => {
    const confidences = Array.from({ length: 400 }, () => 0.95);
    const { move } = walk({ ...plan, weights: [1, 0] }, confidences, () => true);
    expect(move).toMatchObject({
      reason: "all_tested",
      state: { certified: [], labelsSpent: 150 },
    });
  });

  test("walks the same from a state that was stored", () => {
    const random = createRandom("adaptive labelling");
    const confidences = Array.from({ length: 3_000 }, () => (random() < 0.5 ? 0.95 : 0.8));
    const wrong = confidences.map(() => random() < 0.02);
    const truth = (row: number): boolean => wrong[row] ?? false;
    const plain = walk(plan, confidences, truth).move;
    const stored = walk(plan, confidences, truth, startLabelling(), new Map(), (state) => {
      const read: LabellingMove["state"] = JSON.parse(JSON.stringify(state));
      return read;
    }).move;
    expect(stored).toEqual(plain);
    expect(JSON.stringify(plain.state).length).toBeLessThan(200);
  });

  test("refuses weights that do not fit", () => {
    for (const weights of [[1], [0.9, 0.9]]) {
      expect(() => nextLabel({ ...plan, weights }, startLabelling(), [], () => false)).toThrow(
        expect.objectContaining({ code: "statistics_argument" }),
      );
    }
  });
});

function walk(
  by: LabellingPlan,
  confidences: readonly number[],
  truth: (row: number) => boolean,
  start = startLabelling(),
  labels = new Map<number, boolean>(),
  store: (state: LabellingMove["state"]) => LabellingMove["state"] = (state) => state,
): { readonly move: LabellingMove; readonly labels: Map<number, boolean> } {
  let state = start;
  for (;;) {
    const move = nextLabel(by, state, confidences, (row) => labels.get(row));
    if (move.kind === "stop") return { move, labels };
    labels.set(move.row, truth(move.row));
    state = store(move.state);
  }
}
