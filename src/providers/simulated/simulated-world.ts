import { invariant } from "../../support/invariant.ts";
import { createRandom } from "../../support/random.ts";
import { confidenceShares } from "./confidence-shares.ts";
import { simulatedModel } from "./simulated-models.ts";
import type { SimulatedModel } from "./simulated-models.ts";
import { DEFAULT_TASKS } from "./simulated-tasks.ts";
import type { SimulatedTask } from "./simulated-tasks.ts";

/** Whether a stated confidence means what it says. */
export type Calibration =
  /** Of the answers given with confidence c, the share c is right. */
  | "calibrated"
  /** The stated confidence is two positions higher than the true chance. */
  | "overconfident";

export interface SimulatedWorldOptions {
  /** Equal seeds give equal worlds. */
  readonly seed: string;
  /** Default `calibrated`. */
  readonly calibration?: Calibration;
  /** Default `DEFAULT_TASKS`. */
  readonly tasks?: readonly SimulatedTask[];
}

/** What a simulated model makes of one prompt. */
export interface SimulatedAnswer {
  readonly task: SimulatedTask;
  readonly isCorrect: boolean;
  /** The confidence it states; one of `CONFIDENCE_ATOMS`. */
  readonly confidence: number;
  /** False when it would rather give no answer; more likely the less sure it is. */
  readonly willAnswer: boolean;
  /** Begins with `(simulated) `. */
  readonly text: string;
  /** What the text says, without dress: equal for right answers of all models. */
  readonly fact: string;
}

/** What is true of all answers given with one confidence. */
export interface ConfidenceShare {
  /** The stated confidence. */
  readonly confidence: number;
  /** Share of the prompts that get it, 0–1. */
  readonly share: number;
  /** Share of right answers among them, 0–1. */
  readonly accuracy: number;
}

/**
 * A world of prompts whose right answers are known, so that what a report estimates can be compared
 * with what is true. Pure: an answer depends on the seed, the model and the prompt only.
 */
export interface SimulatedWorld {
  readonly seed: string;
  readonly calibration: Calibration;
  readonly tasks: readonly SimulatedTask[];
  /** The user text of the request number `index`, ending in a tag such as `[task:faq#12]`. */
  makeTask(index: number): string;
  /** The task a text belongs to: by its tag, else by its hash. */
  taskOf(prompt: string): SimulatedTask;
  /** @throws LeadsmanError when no such model exists */
  answer(model: string, prompt: string): SimulatedAnswer;
  /** What the right answer to a prompt says. */
  correctFact(prompt: string): string;
  /** True when an answer's text says what the right one says. */
  isCorrectText(prompt: string, text: string): boolean;
  /** Chance that an answer of the model to such a task is wrong, 0–1. Exact. */
  trueErrorRate(model: string, task: SimulatedTask): number;
  /** How the stated confidences spread, and how right each is. Exact. */
  confidenceSpread(model: string, task: SimulatedTask): readonly ConfidenceShare[];
}

/** Every simulated text begins so; nobody shall take it for a model's. */
export const SIMULATED_LABEL = "(simulated) ";

const TAG = /\[task:([a-z0-9_]+)#(\d+)\]/;

/** How far an overconfident model overstates, in positions of `CONFIDENCE_ATOMS`. */
const OVERCONFIDENT_POSITIONS = 2;

export function createSimulatedWorld(options: SimulatedWorldOptions): SimulatedWorld {
  const { seed, calibration = "calibrated", tasks = DEFAULT_TASKS } = options;
  invariant(tasks.length > 0, "a simulated world has at least one task");
  const raisedBy = calibration === "overconfident" ? OVERCONFIDENT_POSITIONS : 0;

  const taskOf = (prompt: string): SimulatedTask => {
    const name = TAG.exec(prompt)?.[1];
    const tagged = tasks.find((task) => task.name === name);
    return tagged ?? drawTask(tasks, createRandom(`${seed}/task/${prompt}`)());
  };

  const correctFact = (prompt: string): string =>
    taskOf(prompt).answer(createRandom(`${seed}/fact/${promptKey(prompt)}`));

  const answer = (modelName: string, prompt: string): SimulatedAnswer => {
    const model = existing(modelName);
    const task = taskOf(prompt);
    const random = createRandom(`${seed}/answer/${model.name}/${promptKey(prompt)}`);
    const outcome = drawOutcome(
      confidenceShares(model.accuracy[task.difficulty], raisedBy),
      random(),
    );
    const isCorrect = random() < outcome.accuracy;
    const willAnswer = random() >= silence(outcome.confidence);
    const right = correctFact(prompt);
    const fact = isCorrect
      ? right
      : wrongFact(task, right, `${seed}/wrong/${model.name}/${promptKey(prompt)}`);
    const text = SIMULATED_LABEL + dress(task, fact, model.name);
    return { task, isCorrect, confidence: outcome.confidence, willAnswer, text, fact };
  };

  return {
    seed,
    calibration,
    tasks,
    makeTask: (index) => {
      const random = createRandom(`${seed}/prompt/${String(index)}`);
      const task = drawTask(tasks, random());
      return `${task.prompt(random)} [task:${task.name}#${String(index)}]`;
    },
    taskOf,
    answer,
    correctFact,
    isCorrectText: (prompt, text) => text.includes(correctFact(prompt)),
    trueErrorRate: (model, task) => 1 - existing(model).accuracy[task.difficulty],
    confidenceSpread: (model, task) =>
      confidenceShares(existing(model).accuracy[task.difficulty], raisedBy),
  };
}

function existing(name: string): SimulatedModel {
  const model = simulatedModel(name);
  invariant(model !== null, `"${name}" is the name of a simulated model`);
  return model;
}

/** The tag names the prompt; what stands around it may be edited on the way. */
function promptKey(prompt: string): string {
  return TAG.exec(prompt)?.[0] ?? prompt;
}

function drawTask(tasks: readonly SimulatedTask[], draw: number): SimulatedTask {
  const total = tasks.reduce((sum, task) => sum + task.share, 0);
  let rest = draw * total;
  for (const task of tasks) {
    rest -= task.share;
    if (rest < 0) return task;
  }
  const last = tasks.at(-1);
  invariant(last !== undefined, "a simulated world has at least one task");
  return last;
}

function drawOutcome(shares: readonly ConfidenceShare[], draw: number): ConfidenceShare {
  let rest = draw;
  for (const outcome of shares) {
    rest -= outcome.share;
    if (rest < 0) return outcome;
  }
  const last = shares.at(-1);
  invariant(last !== undefined, "a confidence spread is not empty");
  return last;
}

/** Chance that a model with this confidence gives no answer at all. */
function silence(confidence: number): number {
  if (confidence < 0.5) return 0.8;
  return confidence < 0.7 ? 0.2 : 0;
}

function wrongFact(task: SimulatedTask, right: string, key: string): string {
  const random = createRandom(key);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const fact = task.answer(random);
    if (!fact.includes(right)) return fact;
  }
  return "I do not know";
}

const OPENINGS: readonly string[] = ["In short:", "As far as I can see,", "The answer:", "So:"];

function dress(task: SimulatedTask, fact: string, modelName: string): string {
  if (task.answerStyle === "fact") return fact;
  const opening = OPENINGS[modelName.length % OPENINGS.length] ?? "";
  return `${opening} ${fact}. This holds for orders placed in our shop.`;
}
