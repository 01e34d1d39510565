import { isApiError, readMessage } from "../../messages/message-shapes.ts";
import type { ApiError, Message } from "../../messages/message.ts";
import { readJsonBytes } from "../../messages/read-json.ts";
import { isJsonObject } from "../../support/json.ts";
import type { JsonObject, JsonValue } from "../../support/json.ts";

/** What became of one request of a batch. */
export interface BatchResult {
  readonly customId: string;
  readonly result: BatchRequestResult;
}

export type BatchRequestResult =
  | { readonly type: "succeeded"; readonly message: Message }
  /** The type of the error says whether the same request may succeed another time. */
  | { readonly type: "errored"; readonly error: ApiError }
  /** Not sent to a model, and free of charge, like one that expired. */
  | { readonly type: "canceled" }
  | { readonly type: "expired" }
  /** A type that did not exist when this was written. */
  | { readonly type: "unknown"; readonly name: string; readonly value: JsonObject };

/** The result that a line is, or null. */
export function readBatchResult(line: Uint8Array): BatchResult | null {
  const read = readJsonBytes(line);
  if (!read.ok || !isJsonObject(read.value)) return null;
  const { custom_id: customId, result } = read.value;
  if (typeof customId !== "string" || !isJsonObject(result)) return null;
  const told = readRequestResult(result);
  return told === null ? null : { customId, result: told };
}

function readRequestResult(value: JsonObject): BatchRequestResult | null {
  const { type } = value;
  if (typeof type !== "string") return null;
  switch (type) {
    case "succeeded": {
      const message = readMessage(value["message"]);
      return message === null ? null : { type, message };
    }
    case "errored": {
      const error = readError(value["error"]);
      return error === null ? null : { type, error };
    }
    case "canceled":
    case "expired":
      return { type };
    default:
      return { type: "unknown", name: type, value };
  }
}

/** The error of an envelope. */
function readError(value: JsonValue | undefined): ApiError | null {
  if (!isJsonObject(value)) return null;
  const { error } = value;
  return isApiError(error) ? error : null;
}
