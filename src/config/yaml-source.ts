import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type YAMLError,
} from "yaml";
import type { JsonValue } from "../support/json.ts";
import type { ConfigProblem, ConfigProblemCode } from "./config-problem.ts";
import { formatPath, type SettingPath } from "./setting-path.ts";
import { replaceVariables } from "./variables.ts";

/** Where a value stands in the file. Lines and columns count from 1. */
export interface Placement {
  readonly line: number;
  readonly column: number;
  /** Of the key that names the value; the value's own inside a list. */
  readonly keyLine: number;
  readonly keyColumn: number;
  readonly isScalar: boolean;
  /** Environment variables whose values are part of the text. */
  readonly variables: readonly string[];
}

/** A file that was read: plain values, and for each path where it stands. */
export interface YamlSource {
  /** Null for an empty file. Incomplete when there are problems. */
  readonly value: JsonValue;
  /** By `formatPath`; the whole file has the empty path. */
  readonly placements: ReadonlyMap<string, Placement>;
  readonly problems: readonly ConfigProblem[];
}

/** Aliases and depth multiply; a real file stays far below these. */
const MAX_TEXT_LENGTH = 1024 * 1024;
const MAX_VALUES = 10_000;
const MAX_DEPTH = 32;
const MAX_ALIASES = 100;
const MAX_SYNTAX_PROBLEMS = 10;

/**
 * Reads YAML 1.2 text and replaces `${VAR}` in its string values. Any text gives a result; nothing
 * throws.
 *
 * @param file the name that problems show
 */
export function readYamlSource(
  text: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): YamlSource {
  if (text.length > MAX_TEXT_LENGTH) {
    const sentence = `The file has ${text.length} characters; at most ${MAX_TEXT_LENGTH} are read.`;
    const problem = problemAt(file, null, "file_too_large", sentence);
    return { value: null, placements: new Map(), problems: [problem] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, lineCounter: lines });
  const syntax = [...document.errors, ...document.warnings];
  if (syntax.length > 0) {
    return {
      value: null,
      placements: new Map(),
      problems: explainSyntax(syntax, file, text, lines),
    };
  }
  const walk: Walk = {
    file,
    document,
    lines,
    environment,
    placements: new Map(),
    problems: [],
    values: 0,
    aliases: 0,
  };
  const value = readNode(walk, document.contents, [], null);
  return { value, placements: walk.placements, problems: walk.problems };
}

interface Walk {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly placements: Map<string, Placement>;
  readonly problems: ConfigProblem[];
  values: number;
  aliases: number;
}

interface TextPlace {
  readonly line: number;
  readonly col: number;
}

function readNode(walk: Walk, node: unknown, path: SettingPath, key: TextPlace | null): JsonValue {
  const place = placeOf(walk, node) ?? key ?? { line: 1, col: 1 };
  const isTooMuch = countValue(walk, node, path);
  if (isTooMuch !== null) {
    // One sentence is enough, and an expanding alias would repeat it without end.
    if (walk.problems.every((problem) => problem.sentence !== isTooMuch)) {
      walk.problems.push(problemAt(walk.file, place, "yaml_invalid", isTooMuch, path));
    }
    return null;
  }
  if (isAlias(node)) {
    const target = node.resolve(walk.document);
    if (target !== undefined) return readNode(walk, target, path, key ?? place);
    const sentence = `*${node.source} has no anchor &${node.source} before it.`;
    walk.problems.push(problemAt(walk.file, place, "yaml_invalid", sentence, path));
    return null;
  }
  const note = (isPlain: boolean, variables: readonly string[]): void => {
    walk.placements.set(formatPath(path), {
      line: place.line,
      column: place.col,
      keyLine: (key ?? place).line,
      keyColumn: (key ?? place).col,
      isScalar: isPlain,
      variables,
    });
  };
  if (isMap(node)) {
    note(false, []);
    return readMap(walk, node.items, path);
  }
  if (isSeq(node)) {
    note(false, []);
    return node.items.map((item, index) => readNode(walk, item, [...path, index], null));
  }
  const { value, variables } = readScalar(walk, node, path, place);
  note(true, variables);
  return value;
}

/** A sentence when the file is larger than its text lets suppose, else null. */
function countValue(walk: Walk, node: unknown, path: SettingPath): string | null {
  walk.values += 1;
  if (isAlias(node)) walk.aliases += 1;
  if (path.length > MAX_DEPTH) return `The file nests values more than ${MAX_DEPTH} deep.`;
  if (walk.values > MAX_VALUES) return `The file holds more than ${MAX_VALUES} values.`;
  if (walk.aliases > MAX_ALIASES) return `The file uses more than ${MAX_ALIASES} aliases.`;
  return null;
}

function readMap(walk: Walk, items: readonly unknown[], path: SettingPath): JsonValue {
  const entries = new Map<string, JsonValue>();
  for (const pair of items) {
    if (!isPair(pair)) continue;
    const name = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
    const place = placeOf(walk, pair.key);
    const keyPath = [...path, name];
    if (isAlias(pair.key) || isCollection(pair.key) || name === "__proto__") {
      const sentence = `${name.slice(0, 40)} cannot be the name of a setting.`;
      walk.problems.push(problemAt(walk.file, place, "unknown_setting", sentence, keyPath));
    } else if (entries.has(name)) {
      const sentence = `${formatPath(keyPath)} is set twice in the same place.`;
      walk.problems.push(problemAt(walk.file, place, "duplicate_key", sentence, keyPath));
    } else {
      entries.set(name, readNode(walk, pair.value, keyPath, place));
    }
  }
  return Object.fromEntries(entries);
}

function readScalar(
  walk: Walk,
  node: unknown,
  path: SettingPath,
  place: TextPlace,
): { readonly value: JsonValue; readonly variables: readonly string[] } {
  const value: unknown = isScalar(node) ? node.value : null;
  if (typeof value === "number" || typeof value === "boolean") return { value, variables: [] };
  if (typeof value !== "string") return { value: null, variables: [] };
  const replaced = replaceVariables(value, walk.environment);
  const name = formatPath(path);
  for (const variable of replaced.unset) {
    const sentence = `${name} needs the environment variable ${variable}, which is not set.`;
    walk.problems.push(problemAt(walk.file, place, "variable_unset", sentence, path));
  }
  if (replaced.isMalformed) {
    const wanted = "${NAME} or ${NAME:-default}; a plain ${ is written $${";
    const sentence = `${name} has a "\${" that begins no variable: wanted ${wanted}.`;
    walk.problems.push(problemAt(walk.file, place, "variable_malformed", sentence, path));
  }
  return { value: replaced.text, variables: replaced.variables };
}

function placeOf(walk: Walk, node: unknown): TextPlace | null {
  const range = isScalar(node) || isCollection(node) || isAlias(node) ? node.range : null;
  return range === null || range === undefined ? null : walk.lines.linePos(range[0]);
}

/** All keys that are set twice, and the first other trouble: what follows it is its echo. */
function explainSyntax(
  syntax: readonly YAMLError[],
  file: string,
  text: string,
  lines: LineCounter,
): readonly ConfigProblem[] {
  const first = syntax.find(({ code }) => code !== "DUPLICATE_KEY");
  const told = syntax.filter((error) => error.code === "DUPLICATE_KEY" || error === first);
  return told.slice(0, MAX_SYNTAX_PROBLEMS).map(({ code, message, pos }) => {
    const place = lines.linePos(pos[0]);
    if (code !== "DUPLICATE_KEY") {
      return problemAt(file, place, "yaml_invalid", yamlSentence(message, text, place.line));
    }
    const key = /^["']?([\w-]+)/.exec(text.slice(pos[0], pos[0] + 80))?.[1] ?? "The key";
    return problemAt(file, place, "duplicate_key", `${key} is set twice in the same place.`);
  });
}

/** What the YAML reader says, and the one cause that its words never name. */
function yamlSentence(message: string, text: string, line: number): string {
  const source = text.split("\n")[line - 1] ?? "";
  const hint = /[{,[].*[^"'$]\$\{/.test(source)
    ? ' Inside { } and [ ], write "${VAR}" in quotes.'
    : "";
  return `This is not valid YAML: ${message.replace(/[.:]?$/, ".")}${hint}`;
}

function problemAt(
  file: string,
  place: TextPlace | null,
  code: ConfigProblemCode,
  sentence: string,
  path: SettingPath = [],
): ConfigProblem {
  return {
    code,
    file,
    line: place?.line ?? null,
    column: place?.col ?? null,
    path: formatPath(path),
    sentence,
    didYouMean: null,
  };
}
