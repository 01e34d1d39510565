import type { HttpHeaders } from "../../provider.ts";
import { faultObjection } from "../fault-objection.ts";
import type { RequestObjection } from "../request-objections.ts";
import { simulateMessage } from "../simulate-message.ts";
import type { SimulatedCall } from "../simulated-exchange.ts";
import type { SimulatedFault } from "../simulated-fault.ts";
import { readSimulatedParams } from "../simulated-request.ts";
import type { SimulatedWorld } from "../simulated-world.ts";
import { objectionOf } from "../whole-response.ts";
import type { BatchShares } from "./batch-trouble.ts";
import type { PostedRequest } from "./read-batch-requests.ts";
import { CANCELED, EXPIRED } from "./simulated-batch.ts";
import type { BatchResultKind, SimulatedBatchRequest } from "./simulated-batch.ts";

export interface BatchAnswering {
  readonly world: SimulatedWorld;
  /** Of the batch's creation: they hold for every request in it. */
  readonly headers: HttpHeaders;
  readonly faultOf: (call: SimulatedCall) => SimulatedFault | null;
  readonly shares: BatchShares;
  /** Name of the batch; becomes part of the ids. */
  readonly name: string;
}

/**
 * What becomes of one request of a batch: the message that the same request would get alone, or the
 * error it would be refused with. Faults of the connection do not happen inside a batch.
 */
export function answerBatchRequest(
  { world, headers, faultOf, shares, name }: BatchAnswering,
  { customId, params }: PostedRequest,
  position: number,
): SimulatedBatchRequest {
  const requestName = `${name}_${position}`;
  const fate = fateOf(position, shares);
  if (fate === "expired") return { customId, ...EXPIRED };
  if (fate === "canceled") return { customId, ...CANCELED };
  if (params["stream"] === true) return errored(customId, STREAM_OBJECTION, requestName);
  const reading = readSimulatedParams(params, headers);
  if (!reading.ok) return errored(customId, reading.objection, requestName);
  if (fate === "errored") return errored(customId, objectionOf(529), requestName);
  const { simulated } = reading;
  const { isTriage, prompt, request, model } = simulated;
  const fault = faultOf({ model: request.model, index: position, isTriage, prompt });
  const objection = fault === null ? null : faultObjection(fault, model);
  if (objection !== null) return errored(customId, objection, requestName);
  const { message } = simulateMessage(world, simulated, fault, requestName);
  const usage = { ...message.usage, service_tier: "batch" };
  const result = { type: "succeeded", message: { ...message, usage } };
  return { customId, kind: "succeeded", json: JSON.stringify(result) };
}

const STREAM_OBJECTION: RequestObjection = {
  status: 400,
  type: "invalid_request_error",
  message: "stream: Streaming is not supported in a batch",
};

function errored(
  customId: string,
  { type, message }: RequestObjection,
  requestName: string,
): SimulatedBatchRequest {
  const error = { type: "error", error: { type, message }, request_id: `req_sim_${requestName}` };
  return { customId, kind: "errored", json: JSON.stringify({ type: "errored", error }) };
}

/** Multiples of it, without their whole part, spread as evenly as numbers can. */
const GOLDEN_RATIO = 0.618_033_988_749_895;

function fateOf(position: number, shares: BatchShares): BatchResultKind {
  const { errored: erroredShare = 0, expired = 0, canceled = 0 } = shares;
  const draw = ((position + 1) * GOLDEN_RATIO) % 1;
  if (draw < erroredShare) return "errored";
  if (draw < erroredShare + expired) return "expired";
  return draw < erroredShare + expired + canceled ? "canceled" : "succeeded";
}
