import type { IncomingMessage, ServerResponse } from "node:http";
import type { GatewayContext } from "../gateway-context.ts";
import { refuse } from "../gateway-context.ts";
import { sendJson } from "../own-answer.ts";
import { notFoundError } from "../own-errors.ts";

/**
 * Answers `GET /_leadsman/api/v1/receipts/:id` with `{ request, pair }`: the request's record with
 * all attempts, and its shadow pair or null. Amounts of money are strings of digits (nano-dollars).
 */
export function serveReceipt(
  context: GatewayContext,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): void {
  receiptJson(context, requestId).then(
    (json) => {
      if (json === null) {
        refuse(context, request, response, notFoundError(`There is no receipt of ${requestId}`));
      } else sendJson(request, response, 200, json);
    },
    () => {
      const message = "The ledger could not be read";
      refuse(context, request, response, { status: 500, type: "api_error", message });
    },
  );
}

async function receiptJson({ ledger }: GatewayContext, requestId: string): Promise<string | null> {
  if (ledger === null) return null;
  const record = await ledger.request(requestId);
  if (record === null) return null;
  const pair = await ledger.pair(requestId);
  return JSON.stringify({ request: record, pair }, bigintAsDigits);
}

function bigintAsDigits(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
