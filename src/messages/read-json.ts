import { isUtf8 } from "node:buffer";
import type { JsonValue } from "../support/json.ts";
import { failure, success } from "../support/result.ts";
import type { Result } from "../support/result.ts";
import { bufferOf } from "./buffer-of.ts";

/** Why text is not JSON. */
export interface JsonProblem {
  /** Index of the UTF-16 unit where reading failed; null when the engine does not tell. */
  readonly position: number | null;
}

/**
 * `JSON.parse` whose failure is a value. The engine's own message quotes the text, which may be
 * secret, so only the position is kept.
 */
export function readJson(text: string): Result<JsonValue, JsonProblem> {
  try {
    // JsonValue is, by its definition, what JSON.parse returns.
    return success(JSON.parse(text) as JsonValue);
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const position = /at position (\d+)/.exec(message)?.[1];
    return failure({ position: position === undefined ? null : Number(position) });
  }
}

/** JSON of UTF-8 bytes; invalid sequences are read as U+FFFD. */
export function readJsonBytes(bytes: Uint8Array): Result<JsonValue, JsonProblem> {
  return readJson(decodeUtf8(bytes));
}

function decodeUtf8(bytes: Uint8Array): string {
  // Node's own conversion is the faster one, the standard's decoder the one that settles how many
  // replacement characters a broken sequence becomes.
  if (isUtf8(bytes)) return bufferOf(bytes).toString("utf8");
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
