import type { Random } from "../../support/random.ts";
import type { Difficulty } from "./simulated-models.ts";

/** One kind of work in a simulated world. */
export interface SimulatedTask {
  /** Lower case letters, digits and underscores; stands in the tag `[task:<name>#<number>]`. */
  readonly name: string;
  readonly difficulty: Difficulty;
  /** Relative share of the traffic. */
  readonly share: number;
  /**
   * `fact`: a right answer reads the same from every model. `prose`: right answers of two models
   * say the same in other words.
   */
  readonly answerStyle: "fact" | "prose";
  /** A user prompt, without the tag. */
  readonly prompt: (random: Random) => string;
  /** What the right answer says. A wrong answer says what another draw gives. */
  readonly answer: (random: Random) => string;
}

/** A support desk's mix: mostly easy, with two kinds of work that a small model often gets wrong. */
export const DEFAULT_TASKS: readonly SimulatedTask[] = [
  {
    name: "faq",
    difficulty: "easy",
    share: 34,
    answerStyle: "prose",
    prompt: (random) => `A customer asks: ${pick(random, QUESTIONS)} Answer in one sentence.`,
    answer: (random) => `${pick(random, POLICIES)} within ${number(random, 3, 90)} days`,
  },
  {
    name: "extraction",
    difficulty: "trivial",
    share: 20,
    answerStyle: "fact",
    prompt: (random) =>
      `Give the invoice number in this note: "Re invoice sent on day ${number(random, 1, 28)}, ` +
      `please check the amount of ${number(random, 20, 900)} EUR."`,
    answer: (random) => `INV-${number(random, 10_000, 99_999)}`,
  },
  {
    name: "classification",
    difficulty: "moderate",
    share: 22,
    answerStyle: "fact",
    prompt: (random) => `Name the department for this message: "${pick(random, QUESTIONS)}"`,
    answer: (random) => pick(random, DEPARTMENTS),
  },
  {
    name: "summary",
    difficulty: "easy",
    share: 12,
    answerStyle: "prose",
    prompt: (random) =>
      `Summarise this call in one sentence: the customer rang ${number(random, 2, 9)} times about ` +
      `an order and asked: ${pick(random, QUESTIONS)}`,
    answer: (random) => `the customer was promised that ${pick(random, POLICIES).toLowerCase()}`,
  },
  {
    name: "multi_step_math",
    difficulty: "hard",
    share: 7,
    answerStyle: "fact",
    prompt: (random) =>
      `A plan costs ${number(random, 11, 97)} EUR a month, less ${number(random, 3, 19)} % after ` +
      `${number(random, 2, 11)} months. What does a year cost? Give the number only.`,
    answer: (random) => `${number(random, 200, 1_100)}.${number(random, 10, 99)} EUR`,
  },
  {
    name: "legal_ambiguity",
    difficulty: "expert",
    share: 5,
    answerStyle: "prose",
    prompt: (random) =>
      `Clause ${number(random, 2, 30)} says "reasonable notice". ${pick(random, QUESTIONS)} ` +
      "Does the clause apply, and why?",
    answer: (random) => `clause ${number(random, 2, 30)} ${pick(random, READINGS)}`,
  },
];

const QUESTIONS: readonly string[] = [
  "How long may I return the blue jacket?",
  "Why was my card charged twice?",
  "Can I move my delivery to Saturday?",
  "Where do I change the e-mail address of my account?",
  "Is the replacement part covered by the warranty?",
  "How do I cancel before the trial ends?",
  "My parcel says delivered, but nothing came. What now?",
  "Wie kündige ich zum Monatsende? Danke 🙏",
];

const POLICIES: readonly string[] = [
  "Returns are accepted",
  "The second charge is refunded",
  "The delivery can be moved",
  "The warranty pays for the part",
  "The plan can be cancelled",
  "A lost parcel is replaced",
];

const DEPARTMENTS: readonly string[] = [
  "billing",
  "shipping",
  "returns",
  "technical",
  "account",
  "sales",
];

const READINGS: readonly string[] = [
  "applies, because notice was given too late",
  "does not apply, because both sides had agreed otherwise",
  "applies in part, as far as the deposit is concerned",
  "cannot be enforced, since no period is named",
];

function pick(random: Random, options: readonly string[]): string {
  return options[Math.floor(random() * options.length)] ?? "";
}

/** A whole number from `from` to `to`, both included. */
function number(random: Random, from: number, to: number): string {
  return String(from + Math.floor(random() * (to - from + 1)));
}
