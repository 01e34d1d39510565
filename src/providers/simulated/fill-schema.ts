import { isJsonObject } from "../../support/json.ts";
import type { JsonObject, JsonValue } from "../../support/json.ts";
import { createRandom } from "../../support/random.ts";
import type { SimulatedAnswer } from "./simulated-world.ts";

/** Members that are meant to hold how sure the model is. */
const CONFIDENCE_NAME = /confiden|certain|probab/i;

/**
 * A value that satisfies a schema and says what the simulated model thinks: labels of an `enum` and
 * booleans are right or wrong as the answer is, numbers named like a confidence hold the confidence,
 * text holds the answer's text. Members come in the API's order: required ones first.
 *
 * @param key names the prompt; the right label of a prompt is the same for every model
 */
export function fillSchema(schema: JsonObject, answer: SimulatedAnswer, key: string): JsonValue {
  return valueFor(schema, "", answer, key);
}

function valueFor(node: JsonValue, name: string, answer: SimulatedAnswer, key: string): JsonValue {
  if (!isJsonObject(node)) return null;
  if (node["const"] !== undefined) return node["const"];
  const choices = node["enum"];
  if (isList(choices)) return label(choices, answer, `${key}/${name}`);
  const variants = node["anyOf"] ?? node["oneOf"];
  if (isList(variants)) return valueFor(variants[0] ?? null, name, answer, key);
  const type = node["type"];
  switch (isList(type) ? type[0] : type) {
    case "object":
      return objectFor(node, answer, key);
    case "array":
      return [valueFor(node["items"] ?? null, name, answer, key)];
    case "string":
      return answer.text;
    case "boolean":
      return createRandom(`truth/${key}/${name}`)() < 0.5 === answer.isCorrect;
    case "number":
    case "integer":
      return CONFIDENCE_NAME.test(name)
        ? answer.confidence
        : Math.floor(createRandom(`number/${key}/${name}`)() * 100) + (answer.isCorrect ? 0 : 1);
    default:
      return null;
  }
}

function objectFor(node: JsonObject, answer: SimulatedAnswer, key: string): JsonObject {
  const properties = node["properties"];
  if (!isJsonObject(properties)) return {};
  const required = isList(node["required"]) ? node["required"] : [];
  const names = Object.keys(properties);
  const ordered = [
    ...names.filter((name) => required.includes(name)),
    ...names.filter((name) => !required.includes(name)),
  ];
  return Object.fromEntries(
    ordered.map((name) => [name, valueFor(properties[name] ?? null, name, answer, key)]),
  );
}

function label(choices: readonly JsonValue[], answer: SimulatedAnswer, key: string): JsonValue {
  const right = rightLabel(choices, answer, key);
  if (answer.isCorrect || choices.length < 2) return choices[right] ?? null;
  const step = 1 + Math.floor(createRandom(`wrong/${key}`)() * (choices.length - 1));
  return choices[(right + step) % choices.length] ?? null;
}

/** The label that the right answer names if there is one, else one drawn for the prompt. */
function rightLabel(choices: readonly JsonValue[], answer: SimulatedAnswer, key: string): number {
  const named = answer.isCorrect ? choices.indexOf(answer.fact) : -1;
  return named >= 0 ? named : Math.floor(createRandom(`label/${key}`)() * choices.length);
}

/** `Array.isArray` does not narrow a readonly list. */
function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
