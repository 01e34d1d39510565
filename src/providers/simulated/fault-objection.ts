import type { RequestObjection } from "./request-objections.ts";
import type { SimulatedFault } from "./simulated-fault.ts";
import type { SimulatedModel } from "./simulated-models.ts";
import { promptTooLong } from "./simulated-request.ts";
import { objectionOf } from "./whole-response.ts";

/** The error that a fault puts in the place of a whole answer; null when it does something else. */
export function faultObjection(
  fault: SimulatedFault,
  model: SimulatedModel,
): RequestObjection | null {
  switch (fault.kind) {
    case "status":
      return objectionOf(fault.status);
    case "prompt_too_long":
      return {
        status: 400,
        type: "invalid_request_error",
        message: promptTooLong(model.contextTokens + 4_321, model.contextTokens),
      };
    case "error_event":
      return objectionOf(529);
    default:
      return null;
  }
}
