import { z } from "zod";
import { isJsonObject, type JsonObject } from "../support/json.ts";
import { configSchema } from "./config-schema.ts";
import type { SettingPath } from "./setting-path.ts";

const VARIABLE = { $ref: "#/$defs/variable" };

/** JSON Schema (2020-12) of what people may write in `leadsman.yaml`, `${VAR}` included. */
export function configJsonSchema(): JsonObject {
  const { $schema, ...schema } = plainJsonSchema();
  return {
    $schema,
    title: "Leadsman configuration",
    ...allowVariables(schema),
    $defs: {
      variable: {
        description: "Text with ${VAR} or ${VAR:-default}, replaced when the file is read.",
        type: "string",
        pattern: "\\$\\{",
      },
    },
  };
}

/** The same as the text of `schema/leadsman.schema.json`. */
export function renderJsonSchema(): string {
  const text = JSON.stringify(configJsonSchema(), null, 2);
  // Lists of words on one line where they fit, as the formatter of the repository has them.
  return `${text.replace(/^(.*)\[\n\s+("[^[\]{}]*")\n\s+\]/gm, inOneLine)}\n`;
}

const MAX_COLUMNS = 100;

function inOneLine(list: string, start: string, members: string): string {
  const line = `${start}[${members.replace(/,\n\s+/g, ", ")}]`;
  return line.length > MAX_COLUMNS ? list : line;
}

/** What may be written at a place: names of settings, and words among the values. */
export interface SettingChoices {
  readonly keys: readonly string[];
  readonly words: readonly string[];
}

/** Empty choices where the schema knows no place of this path. */
export function choicesAt(path: SettingPath): SettingChoices {
  let nodes = alternatives(plainJsonSchema());
  for (const part of path) nodes = nodes.flatMap((node) => childrenOf(node, part));
  return {
    keys: nodes.flatMap((node) => Object.keys(objectAt(node, "properties") ?? {})),
    words: nodes.flatMap((node) => wordsOf(node)),
  };
}

/** The schema without the room for variables: what settings mean, for reference and hints. */
export function plainJsonSchema(): JsonObject {
  if (plainSchema === null) {
    const schema: unknown = z.toJSONSchema(configSchema, { io: "input" });
    plainSchema = isJsonObject(schema) ? schema : {};
  }
  return plainSchema;
}

/** Made once: every problem of a file asks for it. */
let plainSchema: JsonObject | null = null;

/** The node itself and, in place of a union, its members. */
export function alternatives(node: JsonObject): readonly JsonObject[] {
  const members = node["anyOf"] ?? node["oneOf"];
  if (!Array.isArray(members)) return [node];
  return members.filter(isJsonObject).flatMap(alternatives);
}

export function objectAt(node: JsonObject, key: string): JsonObject | null {
  const value = Object.hasOwn(node, key) ? node[key] : undefined;
  return isJsonObject(value) ? value : null;
}

function childrenOf(node: JsonObject, part: string | number): readonly JsonObject[] {
  const properties = objectAt(node, "properties") ?? {};
  const child =
    typeof part === "number"
      ? objectAt(node, "items")
      : (objectAt(properties, part) ?? objectAt(node, "additionalProperties"));
  return child === null ? [] : alternatives(child);
}

function wordsOf(node: JsonObject): readonly string[] {
  const values = Array.isArray(node["enum"]) ? node["enum"] : [node["const"]];
  return values.filter((value) => typeof value === "string");
}

/** Lets every leaf that is not free text also be text with a variable in it. */
function allowVariables(node: JsonObject): JsonObject {
  const members = alternatives(node);
  const canHoldVariable = members.some(isFreeText);
  if (members.length > 1) {
    const changed = members.map((member) => (isLeaf(member) ? member : allowVariables(member)));
    return { ...node, anyOf: canHoldVariable ? changed : [...changed, VARIABLE] };
  }
  if (!isLeaf(node)) return allowVariablesInside(node);
  if (canHoldVariable) return node;
  const { title, description, default: preset, ...rest } = node;
  return { ...present({ title, description, default: preset }), anyOf: [rest, VARIABLE] };
}

function allowVariablesInside(node: JsonObject): JsonObject {
  const inside = (key: string): JsonObject | undefined => {
    const child = objectAt(node, key);
    return child === null ? undefined : allowVariables(child);
  };
  const properties = Object.entries(objectAt(node, "properties") ?? {}).map(
    ([key, child]) => [key, isJsonObject(child) ? allowVariables(child) : child] as const,
  );
  return {
    ...node,
    ...present({
      properties: properties.length === 0 ? undefined : Object.fromEntries(properties),
      items: inside("items"),
      additionalProperties: inside("additionalProperties"),
    }),
  };
}

function isLeaf(node: JsonObject): boolean {
  return ["properties", "additionalProperties", "items"].every(
    (key) => objectAt(node, key) === null,
  );
}

function isFreeText(node: JsonObject): boolean {
  if (node["type"] !== "string" || node["enum"] !== undefined || node["const"] !== undefined) {
    return false;
  }
  const pattern = node["pattern"];
  return typeof pattern !== "string" || new RegExp(pattern).test("${NAME:-some text}");
}

function present(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
