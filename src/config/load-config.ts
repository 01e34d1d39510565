import { readFileSync } from "node:fs";
import type { RouteMode } from "../cascade/route.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../support/json.ts";
import { failure, success, type Result } from "../support/result.ts";
import { checkConfig, noteConfig } from "./check-config.ts";
import type { LeadsmanConfig } from "./config.ts";
import type { ConfigProblem, ConfigProblemCode } from "./config-problem.ts";
import { configSchema } from "./config-schema.ts";
import { explainIssues } from "./explain-issues.ts";
import { formatPath } from "./setting-path.ts";
import { createSettingSources, type SettingSource } from "./setting-sources.ts";
import { traceSettings, type TracedSetting } from "./trace-settings.ts";
import { readYamlSource, type YamlSource } from "./yaml-source.ts";

/** The file that is looked for when none is named. */
export const CONFIG_FILE = "leadsman.yaml";

/** The variable that stands for `server.token` where the file has none. */
export const TOKEN_VARIABLE = "LEADSMAN_TOKEN";

export interface LoadConfigOptions {
  /** Null looks for `leadsman.yaml` in the working directory; without it, defaults hold. */
  readonly path: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gives the file's text, or null when there is no such file. May throw. */
  readonly readFile: (path: string) => string | null;
  /** From the command line; they win over the file. `mode` is for every route. */
  readonly overrides?: {
    readonly port?: number;
    readonly host?: string;
    readonly mode?: RouteMode;
  };
}

export interface LoadedConfig {
  /** Deeply frozen. */
  readonly config: LeadsmanConfig;
  /** The file that was read; null when defaults hold. */
  readonly file: string | null;
  /** Every single setting in the words of the file and where its value came from. */
  readonly provenance: readonly TracedSetting[];
  /** Sentences about what is allowed but may surprise. */
  readonly notes: readonly string[];
}

/** Reads, replaces variables, validates, completes. Every problem that can be found is returned. */
export function loadConfig(
  options: LoadConfigOptions,
): Result<LoadedConfig, readonly ConfigProblem[]> {
  const { env, overrides = {} } = options;
  const text = findText(options);
  if (!text.ok) return failure([text.problem]);
  const { file } = text.value;
  const source = file === null ? NO_FILE : readYamlSource(text.value.text, file, env);
  // What a broken file does not say would only distract.
  if (source.problems.some(({ code }) => code === "yaml_invalid")) return failure(source.problems);
  const outside = new Map<string, SettingSource>();
  const value = withOutsideValues(source.value ?? {}, options, outside);
  const sources = createSettingSources(file, source.placements, outside);
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) {
    const objections = explainIssues(parsed.error.issues, value, sources);
    return failure(inOrder(source.problems, objections));
  }
  const config = withMode(parsed.data, overrides.mode, outside);
  const problems = inOrder(source.problems, checkConfig(config, sources));
  if (problems.length > 0) return failure(problems);
  return success({
    config: deepFreeze(config),
    file,
    provenance: deepFreeze(traceSettings(config, sources)),
    notes: noteConfig(config),
  });
}

/** Reads a file for `loadConfig`. */
export function readConfigFile(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

const NO_FILE: YamlSource = { value: null, placements: new Map(), problems: [] };

interface FoundText {
  readonly file: string | null;
  readonly text: string;
}

function findText(options: LoadConfigOptions): Result<FoundText, ConfigProblem> {
  const path = options.path ?? CONFIG_FILE;
  const misnamed = CONFIG_FILE.replace("yaml", "yml");
  try {
    const text = options.readFile(path);
    if (text !== null) return success({ file: path, text });
    if (options.path !== null) {
      return failure(fileProblem(path, "file_missing", `There is no file ${path}.`));
    }
    if (options.readFile(misnamed) === null) return success({ file: null, text: "" });
    const sentence = `The file is named ${misnamed}; only ${CONFIG_FILE} is looked for.`;
    return failure(fileProblem(misnamed, "file_missing", sentence));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failure(fileProblem(path, "file_unreadable", `The file cannot be read: ${reason}.`));
  }
}

/** By place; without objections to a value that is missing only because of a told problem. */
function inOrder(
  told: readonly ConfigProblem[],
  objections: readonly ConfigProblem[],
): readonly ConfigProblem[] {
  const toldPaths = new Set(told.map(({ path }) => path));
  const isNews = ({ path, code }: ConfigProblem): boolean =>
    !toldPaths.has(code === "token_required" ? "server.token" : path);
  return [...told, ...objections.filter(isNews)].toSorted(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

/** Puts in what comes from the command line and, where the file is silent, the environment. */
function withOutsideValues(
  value: JsonValue,
  { env, overrides = {} }: LoadConfigOptions,
  outside: Map<string, SettingSource>,
): JsonValue {
  if (!isJsonObject(value)) return value;
  const server = value["server"] === undefined ? {} : value["server"];
  if (!isJsonObject(server)) return value;
  const changed: Record<string, JsonValue | undefined> = { ...server };
  const put = (key: string, put: JsonValue, source: SettingSource): void => {
    changed[key] = put;
    outside.set(formatPath(["server", key]), source);
  };
  const token = env[TOKEN_VARIABLE] ?? "";
  if (token !== "" && server["token"] === undefined) {
    put("token", token, { kind: "env", names: [TOKEN_VARIABLE], file: null, line: null });
  }
  const { host, port } = overrides;
  if (host !== undefined) put("host", host, { kind: "flag", name: "--host" });
  if (port !== undefined) put("port", port, { kind: "flag", name: "--port" });
  return { ...value, server: changed } satisfies JsonObject;
}

function withMode(
  config: LeadsmanConfig,
  mode: RouteMode | undefined,
  outside: Map<string, SettingSource>,
): LeadsmanConfig {
  if (mode === undefined) return config;
  for (const index of config.routes.keys()) {
    outside.set(formatPath(["routes", index, "mode"]), { kind: "flag", name: "--mode" });
  }
  return { ...config, routes: config.routes.map((route) => ({ ...route, mode })) };
}

function fileProblem(file: string, code: ConfigProblemCode, sentence: string): ConfigProblem {
  return { code, file, line: null, column: null, path: "", sentence, didYouMean: null };
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
