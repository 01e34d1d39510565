import type { HttpHeaders } from "../providers/provider.ts";
import { readJson } from "../messages/read-json.ts";
import { isJsonObject } from "../support/json.ts";
import type { ClientRequest } from "./router.ts";

/** What a job's call needs besides the stored request. Nothing in it opens a door. */
export interface KeptRequest {
  readonly path: string;
  readonly headers: HttpHeaders;
}

/** Say what the body means; credentials are never among what is stored. */
const KEPT_HEADERS = ["anthropic-version", "anthropic-beta"] as const;

export function keptRequest({
  path,
  headers,
}: Pick<ClientRequest, "path" | "headers">): KeptRequest {
  const kept: Record<string, HttpHeaders[string]> = {};
  for (const name of KEPT_HEADERS) {
    if (headers[name] !== undefined) kept[name] = headers[name];
  }
  return { path, headers: kept };
}

/** Null when the payload of a job holds no such thing. */
export function readKeptRequest(payload: string): KeptRequest | null {
  const read = readJson(payload);
  if (!read.ok || !isJsonObject(read.value)) return null;
  const { path, headers } = read.value;
  if (typeof path !== "string" || !isJsonObject(headers)) return null;
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = headers[name];
    if (typeof value === "string") kept[name] = value;
  }
  return { path, headers: kept };
}
