import { describe, expect, test } from "vitest";

import { CONFIDENCE_ATOMS, simulatedModelNames } from "./simulated-models.ts";
import { DEFAULT_TASKS } from "./simulated-tasks.ts";
import { createSimulatedWorld, SIMULATED_LABEL } from "./simulated-world.ts";
import type { Calibration, SimulatedWorld } from "./simulated-world.ts";

const PROMPTS = 5_000;

/** Five standard deviations: a sound world fails this once in a million. */
function tolerance(rate: number, count: number): number {
  return 5 * Math.sqrt((rate * (1 - rate)) / count) + 1e-9;
}

function promptsOf(world: SimulatedWorld, taskName: string): readonly string[] {
  return Array.from(
    { length: PROMPTS },
    (_, i) => `A question [task:${taskName}#${String(i)}]`,
  ).filter((prompt) => world.taskOf(prompt).name === taskName);
}

test("equal seeds make equal worlds, other seeds other worlds", () => {
  const [one, same, other] = ["a", "a", "b"].map((seed) => createSimulatedWorld({ seed }));
  const view = (world: SimulatedWorld | undefined): unknown =>
    Array.from({ length: 50 }, (_, i) => {
      const prompt = world?.makeTask(i) ?? "";
      return [prompt, world?.answer("claude-haiku-4-5", prompt), world?.correctFact(prompt)];
    });
  expect(view(one)).toEqual(view(same));
  expect(view(one)).not.toEqual(view(other));
});

test("an answer depends on the tag, not on the words around it", () => {
  const world = createSimulatedWorld({ seed: "a" });
  const prompt = world.makeTask(7);
  const tag = /\[task:.*\]/.exec(prompt)?.[0] ?? "";
  const plain = world.answer("claude-opus-4-7", prompt);
  expect(world.answer("claude-opus-4-7", `Dear model, ${tag} please`)).toEqual(plain);
});

test("a text without a tag, or with an unknown one, has a task too", () => {
  const world = createSimulatedWorld({ seed: "a" });
  for (const prompt of ["", "hello", "[task:nonsense#1]", "🙏"]) {
    expect(DEFAULT_TASKS).toContain(world.taskOf(prompt));
    expect(world.answer("claude-haiku-4-5", prompt)).toEqual(
      world.answer("claude-haiku-4-5", prompt),
    );
  }
});

test("every text says that it is simulated, and right ones say the right thing", () => {
  const world = createSimulatedWorld({ seed: "a" });
  for (let i = 0; i < 500; i += 1) {
    const prompt = world.makeTask(i);
    const { text, isCorrect, confidence } = world.answer("claude-haiku-4-5", prompt);
    expect(text.startsWith(SIMULATED_LABEL)).toBe(true);
    expect(world.isCorrectText(prompt, text)).toBe(isCorrect);
    expect(CONFIDENCE_ATOMS).toContain(confidence);
  }
});

test("the traffic has the shares of the tasks", () => {
  const world = createSimulatedWorld({ seed: "a" });
  const total = DEFAULT_TASKS.reduce((sum, task) => sum + task.share, 0);
  const names = Array.from({ length: PROMPTS }, (_, i) => world.taskOf(world.makeTask(i)).name);
  for (const task of DEFAULT_TASKS) {
    const share = task.share / total;
    const seen = names.filter((name) => name === task.name).length / PROMPTS;
    expect(Math.abs(seen - share)).toBeLessThan(tolerance(share, PROMPTS));
  }
});

describe.each<Calibration>(["calibrated", "overconfident"])(
  "in a world that is %s",
  (calibration) => {
    const world = createSimulatedWorld({ seed: `world/${calibration}`, calibration });
    const cases = simulatedModelNames().flatMap((model) =>
      DEFAULT_TASKS.map((task) => [model, task.name] as const),
    );

    test.each(cases)("%s errs on %s as often as its true error rate says", (model, taskName) => {
      const prompts = promptsOf(world, taskName);
      const [task] = DEFAULT_TASKS.filter(({ name }) => name === taskName);
      const trueRate = task === undefined ? NaN : world.trueErrorRate(model, task);
      const wrong = prompts.filter((prompt) => !world.answer(model, prompt).isCorrect).length;
      expect(prompts).toHaveLength(PROMPTS);
      expect(Math.abs(wrong / PROMPTS - trueRate)).toBeLessThan(tolerance(trueRate, PROMPTS));
    });

    test("the spread of confidences adds up to the true error rate", () => {
      for (const model of simulatedModelNames()) {
        for (const task of DEFAULT_TASKS) {
          const spread = world.confidenceSpread(model, task);
          const share = spread.reduce((sum, entry) => sum + entry.share, 0);
          const accuracy = spread.reduce((sum, entry) => sum + entry.share * entry.accuracy, 0);
          expect(share).toBeCloseTo(1, 9);
          expect(1 - accuracy).toBeCloseTo(world.trueErrorRate(model, task), 6);
        }
      }
    });

    test("answers given with one confidence are right as often as the spread says", () => {
      const [task] = DEFAULT_TASKS.filter(({ name }) => name === "multi_step_math");
      if (task === undefined) throw new Error("no such task");
      const answers = promptsOf(world, task.name).map((prompt) =>
        world.answer("claude-haiku-4-5", prompt),
      );
      for (const { confidence, accuracy } of world.confidenceSpread("claude-haiku-4-5", task)) {
        const given = answers.filter((answer) => answer.confidence === confidence);
        const right = given.filter((answer) => answer.isCorrect).length / given.length;
        expect(Math.abs(right - accuracy)).toBeLessThan(tolerance(accuracy, given.length));
      }
    });
  },
);

test("a calibrated model means what it says, an overconfident one says more", () => {
  const [task] = DEFAULT_TASKS.filter(({ name }) => name === "legal_ambiguity");
  if (task === undefined) throw new Error("no such task");
  const honest = createSimulatedWorld({ seed: "a" });
  for (const { confidence, accuracy } of honest.confidenceSpread("claude-haiku-4-5", task)) {
    expect(accuracy).toBeCloseTo(confidence, 9);
  }
  const boastful = createSimulatedWorld({ seed: "a", calibration: "overconfident" });
  for (const { confidence, accuracy } of boastful.confidenceSpread("claude-haiku-4-5", task)) {
    expect(accuracy).toBeLessThan(confidence);
  }
});

test("no model answers everything: the less sure, the more often it stays silent", () => {
  const world = createSimulatedWorld({ seed: "a" });
  const answers = promptsOf(world, "legal_ambiguity").map((p) =>
    world.answer("claude-haiku-4-5", p),
  );
  const silentShare = (low: number, high: number): number => {
    const some = answers.filter(({ confidence }) => confidence >= low && confidence < high);
    return some.filter(({ willAnswer }) => !willAnswer).length / some.length;
  };
  expect(silentShare(0, 0.5)).toBeGreaterThan(0.7);
  expect(silentShare(0.7, 1)).toBe(0);
});

test("a model that does not exist is a mistake of the caller", () => {
  const world = createSimulatedWorld({ seed: "a" });
  expect(() => world.answer("gpt-9", "hello")).toThrow(/gpt-9/);
});
