import { isJsonObject } from "../../../support/json.ts";
import type { JsonObject, JsonValue } from "../../../support/json.ts";
import type { RequestObjection } from "../request-objections.ts";
import { parseJson } from "../simulated-request.ts";

/** A request of a batch as it was posted. */
export interface PostedRequest {
  readonly customId: string;
  readonly params: JsonObject;
}

export type PostedReading =
  | { readonly ok: true; readonly requests: readonly PostedRequest[] }
  | { readonly ok: false; readonly objection: RequestObjection };

// As the vendor's page on batch processing states them; kept apart from the client's on purpose.
const MOST_REQUESTS = 100_000;
const MOST_BYTES = 256 * 1024 * 1024;
const CUSTOM_ID = /^[a-zA-Z0-9_-]{1,64}$/;

/** Reads the body of a batch's creation. What stands in the params is a matter for each request. */
export function readBatchRequests(body: Uint8Array): PostedReading {
  if (body.length > MOST_BYTES) {
    const message = "Request exceeds the maximum size";
    return { ok: false, objection: { status: 413, type: "request_too_large", message } };
  }
  const value = parseJson(body);
  if (!isJsonObject(value)) {
    return objection("The request body is not valid JSON: expected an object");
  }
  const posted = value["requests"];
  if (posted === undefined) return objection("requests: Field required");
  if (!isList(posted)) return objection("requests: Input should be a valid list");
  if (posted.length === 0) return objection("requests: List should have at least 1 item");
  if (posted.length > MOST_REQUESTS) {
    return objection(`requests: List should have at most ${MOST_REQUESTS} items`);
  }
  return readEach(posted);
}

function readEach(posted: readonly JsonValue[]): PostedReading {
  const seen = new Set<string>();
  const requests: PostedRequest[] = [];
  for (const [position, item] of posted.entries()) {
    const place = `requests.${position}`;
    if (!isJsonObject(item)) return objection(`${place}: Input should be a valid dictionary`);
    const { custom_id: customId, params } = item;
    if (typeof customId !== "string") return objection(`${place}.custom_id: Field required`);
    if (!CUSTOM_ID.test(customId)) {
      return objection(`${place}.custom_id: String should match pattern '${CUSTOM_ID.source}'`);
    }
    if (seen.has(customId)) return objection(`${place}.custom_id: must be unique in the batch`);
    if (!isJsonObject(params)) return objection(`${place}.params: Field required`);
    seen.add(customId);
    requests.push({ customId, params });
  }
  return { ok: true, requests };
}

function objection(message: string): PostedReading {
  return { ok: false, objection: { status: 400, type: "invalid_request_error", message } };
}

/** `Array.isArray` does not narrow a readonly list. */
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
