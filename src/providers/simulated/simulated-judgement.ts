import { isJsonObject, type JsonObject } from "../../support/json.ts";
import { createRandom } from "../../support/random.ts";
import type { SimulatedWorld } from "./simulated-world.ts";

/** How often a simulated judge takes a wrong answer for right, and a right one for wrong. Invented. */
const MISSED = 0.1;
const FALSE_ALARM = 0.03;

/**
 * What a simulated model says when it is asked whether answers are right: the truth of its world, and
 * now and then a mistake. Null for anything but such a question.
 *
 * @param prompt the JSON that holds the request and one or two answers
 */
export function simulatedJudgement(
  world: SimulatedWorld,
  schema: JsonObject,
  prompt: string,
): JsonObject | null {
  const material = isJudgeSchema(schema) ? parse(prompt) : null;
  if (material === null) return null;
  const { request, first, second } = material;
  const asked = isJsonObject(request) ? lastTurn(request["turns"]) : null;
  if (asked === null || typeof first !== "string") return null;
  const verdictOn = (answer: string): string => {
    const random = createRandom(`${world.seed}/judge/${asked}/${answer}`)();
    const isRight = world.isCorrectText(asked, answer);
    return isRight === random >= (isRight ? FALSE_ALARM : MISSED) ? "right" : "wrong";
  };
  if (typeof second !== "string") return { first: verdictOn(first) };
  const agreement = isSame(world, asked, first, second) ? "same" : "differs";
  return { first: verdictOn(first), second: verdictOn(second), agreement };
}

/** Two right answers come to the same; wrong ones only when they are equal. */
function isSame(world: SimulatedWorld, asked: string, one: string, other: string): boolean {
  if (one === other) return true;
  return world.isCorrectText(asked, one) && world.isCorrectText(asked, other);
}

function isJudgeSchema({ properties }: JsonObject): boolean {
  const first = isJsonObject(properties) ? properties["first"] : undefined;
  const choices = isJsonObject(first) ? first["enum"] : undefined;
  return Array.isArray(choices) && choices.includes("cannot_tell");
}

function parse(prompt: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(prompt);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

function lastTurn(turns: unknown): string | null {
  const last: unknown = Array.isArray(turns) ? turns.at(-1) : null;
  const content = isJsonObject(last) ? last["content"] : null;
  return typeof content === "string" ? content : null;
}
