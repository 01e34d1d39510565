import { readJson } from "../../messages/read-json.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../support/json.ts";
import { compareValues, type Comparator } from "./comparator.ts";

/**
 * Equal as JSON: the order of members and the writing of numbers do not count. A fence around the
 * JSON is taken off.
 *
 * @param fields top-level members to look at; null = everything
 */
export function createJsonComparator(fields: readonly string[] | null): Comparator {
  return {
    name: fields === null ? "json" : `json:${fields.join(",")}`,
    compare: (cheap, deep) =>
      compareValues(chosen(cheap, fields), chosen(deep, fields), (one, other) => one === other),
  };
}

const FENCED = /^\s*```[a-z0-9]*\s*\n([\s\S]*?)\n?\s*```\s*$/i;

/** What counts of an answer, written in one way; null when the answer is not such JSON. */
function chosen(text: string, fields: readonly string[] | null): string | null {
  const parsed = readJson(FENCED.exec(text)?.[1] ?? text);
  if (!parsed.ok) return null;
  if (fields === null) return canonical(parsed.value);
  const { value } = parsed;
  if (!isJsonObject(value) || fields.every((field) => value[field] === undefined)) return null;
  return canonical(fields.map((field) => value[field] ?? null));
}

/** Null for what is nested deeper than it can be written out. */
function canonical(value: JsonValue): string | null {
  try {
    return JSON.stringify(value, (_key, member: unknown) =>
      isJsonObject(member) ? sortedMembers(member) : member,
    );
  } catch {
    return null;
  }
}

function sortedMembers(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
