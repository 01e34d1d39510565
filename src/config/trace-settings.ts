import { isJsonObject, type JsonValue } from "../support/json.ts";
import type { LeadsmanConfig } from "./config.ts";
import { formatPath, type SettingPath } from "./setting-path.ts";
import {
  formatSource,
  isChannelUrl,
  type SettingSource,
  type SettingSources,
} from "./setting-sources.ts";
import { writeSettings } from "./write-settings.ts";

/** One setting with its origin, fit to be shown. */
export interface TracedSetting {
  /** Such as `routes[0].sampling.shadow`. */
  readonly path: string;
  /** In the words of the file; secrets are masked. */
  readonly shown: JsonValue;
  readonly source: SettingSource;
  /** The source in words: `default`, `leadsman.yaml:12`, `--port`, `env LEADSMAN_TOKEN`. */
  readonly from: string;
}

const MASK = "••••";

/** Lists every single setting in the order of the reference. */
export function traceSettings(
  config: LeadsmanConfig,
  sources: SettingSources,
): readonly TracedSetting[] {
  return leavesOf(writeSettings(config), []).map(({ path, value }) => {
    const source = sourceOfLeaf(path, sources);
    const shown = maskSecret(path, value);
    return { path: formatPath(path), shown, source, from: formatSource(source) };
  });
}

interface Leaf {
  readonly path: SettingPath;
  readonly value: JsonValue;
}

function leavesOf(value: JsonValue, path: SettingPath): readonly Leaf[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((member: JsonValue, index) => leavesOf(member, [...path, index]));
  }
  if (isJsonObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : leavesOf(member, [...path, key]),
    );
  }
  return [{ path, value }];
}

/** Short forms stand for several settings: `mode`, a tier's name, the threshold of a route. */
function sourceOfLeaf(path: SettingPath, sources: SettingSources): SettingSource {
  const own = sources.sourceOf(path);
  if (own.kind !== "default") return own;
  const [section, index, group] = path;
  const last = path.at(-1);
  if (section !== "routes" || index === undefined) return own;
  if (group === "mode") return sources.sourceOf(["routes", index, "mode"]);
  if (group !== "tiers" && group !== "candidates") return own;
  if (last === "threshold") return sources.sourceOf(["routes", index, "threshold"]);
  const tier = path.slice(0, -1);
  const isShort = sources.placementOf(tier)?.isScalar === true;
  return last === "model" && isShort ? sources.sourceOf(tier) : own;
}

function maskSecret(path: SettingPath, value: JsonValue): JsonValue {
  if (typeof value !== "string") return value;
  const key = path.at(-1);
  if (key === "apiKey" || key === "token") return MASK;
  if (key === "secret" || key === "routingKey") return MASK;
  if (isChannelUrl(path)) return `${new URL(value).origin}/${MASK}`;
  if (key === "url" && path[0] === "ledger") return maskPassword(value);
  return value;
}

/** `postgres://me:secret@host/db` without the secret. */
function maskPassword(url: string): string {
  return url
    .replace(/^(\w+:\/\/[^:@/]*):.*@/, `$1:${MASK}@`)
    .replace(/([?&]password=)[^&]*/gi, `$1${MASK}`);
}
