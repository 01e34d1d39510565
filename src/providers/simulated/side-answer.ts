import type { RequestObjection } from "./request-objections.ts";
import type { ExchangeRequest } from "./simulated-exchange.ts";
import { simulatedModelNames } from "./simulated-models.ts";
import { readSimulatedRequest } from "./simulated-request.ts";

export interface SideAnswer {
  readonly status: number;
  /** The JSON of the body; undefined = no body. */
  readonly value: unknown;
}

/**
 * Answers what is no message call: token counts, the list of models, probes.
 *
 * @param path without query
 */
export function sideAnswer(request: ExchangeRequest, path: string): SideAnswer {
  if (request.method === "HEAD") return { status: 200, value: undefined };
  if (request.method === "POST" && path === "/v1/messages/count_tokens") {
    const reading = readSimulatedRequest(request.body, request.headers, []);
    if (reading.ok) return { status: 200, value: { input_tokens: reading.simulated.inputTokens } };
    return errorAnswer(reading.objection);
  }
  if (request.method === "GET" && path === "/v1/models") {
    const data = simulatedModelNames().map(modelEntry);
    const [first, last] = [data[0]?.id ?? null, data.at(-1)?.id ?? null];
    return { status: 200, value: { data, has_more: false, first_id: first, last_id: last } };
  }
  const id = path.replace(/^\/v1\/models\//, "");
  if (request.method === "GET" && simulatedModelNames().includes(id)) {
    return { status: 200, value: modelEntry(id) };
  }
  return errorAnswer({ status: 404, type: "not_found_error", message: "Not found" });
}

function errorAnswer({ status, type, message }: RequestObjection): SideAnswer {
  return { status, value: { type: "error", error: { type, message } } };
}

function modelEntry(id: string): { type: string; id: string; display_name: string } {
  return { type: "model", id, display_name: `(simulated) ${id}` };
}
