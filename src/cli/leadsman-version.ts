import { readFileSync } from "node:fs";
import { isJsonObject } from "../support/json.ts";
import { invariant } from "../support/invariant.ts";

/** The version in package.json, which lies two folders up in a checkout and in what is published. */
export function leadsmanVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const manifest: unknown = JSON.parse(text);
  const version = isJsonObject(manifest) ? manifest["version"] : null;
  invariant(typeof version === "string", "package.json has a version");
  return version;
}
