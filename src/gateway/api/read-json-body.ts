import type { IncomingMessage } from "node:http";
import { isJsonObject, type JsonObject } from "../../support/json.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { invalidRequestError, overloadedError, tooLargeError } from "../own-errors.ts";
import { isDeclaredTooLarge } from "../read-body.ts";
import { ApiRefusal } from "./api-call.ts";

/** Of a body of the API. */
export const MAX_API_BODY_BYTES: number = 1024 * 1024;

/** Bodies read at one time; they are none of the bytes that message calls share. */
const MAX_OPEN_BODIES = 16;

/**
 * The JSON object that a POST carries. Only as `application/json`: a page of another origin cannot
 * send that without asking first, and is refused then.
 *
 * @throws ApiRefusal
 */
export async function readJsonBody(
  { api }: Pick<GatewayContext, "api">,
  request: IncomingMessage,
): Promise<JsonObject> {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json *(?:;|$)/i.test(type)) {
    const message = "The body must come with content-type: application/json";
    throw new ApiRefusal({ status: 415, type: "invalid_request_error", message });
  }
  if ((request.headers["content-encoding"] ?? "identity") !== "identity") {
    const message = "The body must come as it is, without content-encoding";
    throw new ApiRefusal({ status: 415, type: "invalid_request_error", message });
  }
  if (isDeclaredTooLarge(request, MAX_API_BODY_BYTES)) throw tooLarge();
  if (api.openBodies >= MAX_OPEN_BODIES) {
    throw new ApiRefusal(overloadedError("The API reads as many bodies as it may"));
  }
  api.openBodies += 1;
  try {
    return parseBody(await collect(request));
  } finally {
    api.openBodies -= 1;
  }
}

function collect(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let byteCount = 0;
    request.on("data", (chunk: Buffer) => {
      byteCount += chunk.byteLength;
      if (byteCount > MAX_API_BODY_BYTES) {
        chunks.length = 0;
        request.removeAllListeners("data");
        reject(tooLarge());
      } else chunks.push(chunk);
    });
    request.on("end", () => {
      resolve(Buffer.concat(chunks));
    });
    // Nobody is left who could be answered.
    request.on("close", () => {
      reject(new ApiRefusal(invalidRequestError("The body has no end")));
    });
  });
}

function parseBody(bytes: Buffer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    value = null;
  }
  if (isJsonObject(value)) return value;
  throw new ApiRefusal(invalidRequestError("The body must be one JSON object in UTF-8"));
}

function tooLarge(): ApiRefusal {
  return new ApiRefusal(tooLargeError(MAX_API_BODY_BYTES));
}
