import type { z } from "zod";
import { isJsonObject, type JsonValue } from "../support/json.ts";
import {
  CONFIG_PROBLEM_CODES,
  type ConfigProblem,
  type ConfigProblemCode,
  formatProblems,
} from "./config-problem.ts";
import { choicesAt } from "./json-schema.ts";
import { nearestName } from "./nearest-name.ts";
import { NAME_WANTED } from "./setting-kinds.ts";
import { formatPath, type SettingPath } from "./setting-path.ts";
import { locate, type SettingSources } from "./setting-sources.ts";

type Issue = z.core.$ZodIssue;

/** Turns what the schema objects to into sentences with places and hints. */
export function explainIssues(
  issues: readonly Issue[],
  value: JsonValue,
  sources: SettingSources,
): readonly ConfigProblem[] {
  const problems = issues.flatMap((issue) => explainIssue(issue, [], value, sources));
  // Branches of a union that agree say the same thing once each.
  return [...new Map(problems.map((problem) => [formatProblems([problem]), problem])).values()];
}

function explainIssue(
  issue: Issue,
  prefix: SettingPath,
  value: JsonValue,
  sources: SettingSources,
): readonly ConfigProblem[] {
  const path = [...prefix, ...issue.path.map(pathPart)];
  const found = valueAt(value, path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownSetting([...path, key], sources));
  }
  const meant = issue.code === "invalid_union" ? meantBranch(issue.errors, found) : null;
  if (meant !== null) return meant.flatMap((inner) => explainIssue(inner, path, value, sources));
  if (found === undefined) {
    const sentence = `${nameOf(path)} is missing: wanted ${wantedBy(issue)}.`;
    return [locate(sources, path, "value", { code: "missing_setting", sentence })];
  }
  const code = issue.code === "custom" ? codeOf(issue.params?.["code"]) : null;
  if (code !== null) {
    const sentence = `${nameOf(path)} ${issue.message}`;
    return [locate(sources, path, "value", { code, sentence })];
  }
  const isSecret = sources.isSecret(path);
  const sentence =
    issue.code === "invalid_key"
      ? `${nameOf(path)} has a name that is not allowed: wanted ${wantedBy(issue)}.`
      : `${nameOf(path)} must be ${wantedBy(issue)}, but is ${describeFound(found, isSecret)}.`;
  const didYouMean =
    typeof found === "string" && !isSecret ? nearestName(found, choicesAt(path).words) : null;
  return [locate(sources, path, "value", { code: "wrong_value", sentence, didYouMean })];
}

function unknownSetting(path: SettingPath, sources: SettingSources): ConfigProblem {
  const key = String(path.at(-1));
  return locate(sources, path, "key", {
    code: "unknown_setting",
    sentence: `${nameOf(path)} is not a setting.`,
    didYouMean: nearestName(key, choicesAt(path.slice(0, -1)).keys),
  });
}

/** Who writes a group of settings means the branch for groups: its complaints are to the point. */
function meantBranch(
  branches: readonly (readonly Issue[])[],
  found: JsonValue | undefined,
): readonly Issue[] | null {
  if (!isJsonObject(found)) return null;
  const fitting = branches.filter((issues) =>
    issues.every(({ code, path }) => path.length > 0 || code === "unrecognized_keys"),
  );
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

function wantedBy(issue: Issue): string {
  if (issue.code === "invalid_key") return NAME_WANTED;
  const isGroup =
    issue.code === "invalid_type" && (issue.expected === "object" || issue.expected === "record");
  return isGroup ? "a group of settings" : issue.message;
}

/** The found value in words; texts that may be secret or long are not repeated. */
function describeFound(found: JsonValue, isSecret: boolean): string {
  if (found === null) return "empty";
  if (Array.isArray(found)) return `a list of ${found.length}`;
  if (typeof found === "object") return "a group of settings";
  if (typeof found !== "string") return String(found);
  if (found === "") return "empty text";
  const isShowable = !isSecret && found.length <= 60 && !/@|^(sk|whsec)[-_]/i.test(found);
  return isShowable ? JSON.stringify(found) : `a text of ${found.length} characters`;
}

function valueAt(value: JsonValue, path: SettingPath): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const part of path) {
    if (isList(current)) current = current[Number(part)];
    else if (isJsonObject(current) && Object.hasOwn(current, part)) current = current[part];
    else return undefined;
  }
  return current;
}

/** `Array.isArray` would forget what is in the list. */
function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function nameOf(path: SettingPath): string {
  return path.length === 0 ? "The file" : formatPath(path);
}

function pathPart(part: PropertyKey): string | number {
  return typeof part === "symbol" ? String(part) : part;
}

function codeOf(code: unknown): ConfigProblemCode | null {
  return CONFIG_PROBLEM_CODES.find((known) => known === code) ?? null;
}
