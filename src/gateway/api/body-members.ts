import type { JsonObject } from "../../support/json.ts";
import type { Result } from "../../support/result.ts";
import { failure, success } from "../../support/result.ts";
import { refuseCall } from "./api-call.ts";

/** Longest name of a grader, as the command takes it too. */
const MAX_GRADER_CHARS = 64;
const MAX_NOTE_CHARS = 2_000;
const MAX_ID_CHARS = 128;

/** A text member, or what is wrong with it. Null when it is not there. */
export function textMember(
  value: JsonObject,
  name: string,
  maxChars: number,
): Result<string | null, string> {
  const text = value[name] ?? null;
  if (text === null) return success(null);
  if (typeof text === "string" && text.trim() !== "" && text.length <= maxChars) {
    return success(text.toWellFormed());
  }
  return failure(`"${name}" must be a text of 1 to ${maxChars} characters`);
}

export const graderMember = (value: JsonObject): Result<string | null, string> =>
  textMember(value, "grader", MAX_GRADER_CHARS);

export const noteMember = (value: JsonObject): Result<string | null, string> =>
  textMember(value, "note", MAX_NOTE_CHARS);

export const idMember = (value: JsonObject, name: string): Result<string | null, string> =>
  textMember(value, name, MAX_ID_CHARS);

/** @throws ApiRefusal with the problem */
export function orRefuse<Value>(result: Result<Value, string>): Value {
  return result.ok ? result.value : refuseCall(result.problem);
}

/** @throws ApiRefusal for a member that has no meaning here */
export function refuseUnknownMembers(value: JsonObject, names: readonly string[]): void {
  const problem = unknownMember(value, names);
  if (problem !== null) refuseCall(problem);
}

export function unknownMember(value: JsonObject, names: readonly string[]): string | null {
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown === undefined) return null;
  return `There is no member ${JSON.stringify(unknown.slice(0, 40))} here; there are ${names.join(", ")}`;
}
