import type { ConfigProblem } from "./config-problem.ts";
import { formatPath, type SettingPath } from "./setting-path.ts";
import type { Placement } from "./yaml-source.ts";

/** Where a value came from. */
export type SettingSource =
  | { readonly kind: "default" }
  | { readonly kind: "file"; readonly file: string; readonly line: number }
  /** `line` is null when the variable counts without being named in a file. */
  | {
      readonly kind: "env";
      readonly names: readonly string[];
      readonly file: string | null;
      readonly line: number | null;
    }
  | { readonly kind: "flag"; readonly name: string };

/** Knows for each setting where it came from. */
export interface SettingSources {
  /** Null when there is no file. */
  readonly file: string | null;
  /** The setting's own place in the file, else null. */
  placementOf(path: SettingPath): Placement | null;
  /** The setting's own source, or that of the short form it was written in. */
  sourceOf(path: SettingPath): SettingSource;
  /** True for values that must not be shown. */
  isSecret(path: SettingPath): boolean;
}

/** Names of settings that hold secrets wherever they stand. */
const SECRET_KEYS: readonly (string | number)[] = ["token", "apiKey", "secret", "routingKey"];

/**
 * @param placements from the file, by `formatPath`
 * @param outside sources of values that are not from the file, by `formatPath`; they win
 */
export function createSettingSources(
  file: string | null,
  placements: ReadonlyMap<string, Placement>,
  outside: ReadonlyMap<string, SettingSource>,
): SettingSources {
  const placementOf = (path: SettingPath): Placement | null =>
    placements.get(formatPath(path)) ?? null;
  return {
    file,
    placementOf,
    sourceOf: (path) => {
      const source = outside.get(formatPath(path));
      if (source !== undefined) return source;
      const placement = placementOf(path);
      if (file === null || placement === null) return { kind: "default" };
      const { line, variables } = placement;
      return variables.length === 0
        ? { kind: "file", file, line }
        : { kind: "env", names: variables, file, line };
    },
    isSecret: (path) =>
      path.some((part) => SECRET_KEYS.includes(part)) ||
      isChannelUrl(path) ||
      (placementOf(path)?.variables.length ?? 0) > 0,
  };
}

/** Whoever knows the address of an incoming webhook may post there. */
export function isChannelUrl(path: SettingPath): boolean {
  return path[0] === "alerts" && path[1] === "channels" && path.at(-1) === "url";
}

/** `default`, `leadsman.yaml:12`, `--port`, `env LEADSMAN_TOKEN (leadsman.yaml:3)`. */
export function formatSource(source: SettingSource): string {
  switch (source.kind) {
    case "default":
      return "default";
    case "file":
      return `${source.file}:${source.line}`;
    case "flag":
      return source.name;
    case "env": {
      const place = source.file === null ? "" : ` (${source.file}:${source.line ?? 1})`;
      return `env ${source.names.join(", ")}${place}`;
    }
  }
}

/** A problem at a setting's place, or at the nearest place around it when it has none. */
export function locate(
  sources: SettingSources,
  path: SettingPath,
  point: "key" | "value",
  problem: {
    readonly code: ConfigProblem["code"];
    readonly sentence: string;
    readonly didYouMean?: string | null;
  },
): ConfigProblem {
  const { code, sentence, didYouMean = null } = problem;
  const text = formatPath(path);
  const source = sources.sourceOf(path);
  const isFromFile = source.kind !== "flag" && !(source.kind === "env" && source.line === null);
  const place = isFromFile ? placementAround(sources, path) : null;
  const isExact = place !== null && place === sources.placementOf(path);
  const isKey = point === "key" || !isExact;
  return {
    code,
    file: isFromFile ? sources.file : formatSource(source),
    line: place === null ? null : isKey ? place.keyLine : place.line,
    column: place === null ? null : isKey ? place.keyColumn : place.column,
    path: text,
    sentence,
    didYouMean,
  };
}

function placementAround(sources: SettingSources, path: SettingPath): Placement | null {
  for (let length = path.length; length >= 0; length -= 1) {
    const placement = sources.placementOf(path.slice(0, length));
    if (placement !== null) return placement;
  }
  return null;
}
