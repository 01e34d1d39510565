import { hash } from "node:crypto";
import type { MessageRequest } from "../../messages/message-request.ts";
import { isJsonObject } from "../../support/json.ts";
import { createVerdictReader } from "../verdict-reader.ts";
import type { BypassReason } from "../words.ts";
import { outputSchema, withoutThinking } from "./output-format.ts";
import type { TriageTarget, VerdictProtocol } from "./protocol.ts";

/** Grows when the field is read in another way. */
export const FIELD_VERSION = 1;

/**
 * The client's own output schema has a top-level number that is the confidence. Nothing of ours is
 * added, and what ships is upstream's answer as it came.
 *
 * @param field name of that member, for example `confidence`
 */
export function createFieldProtocol(field: string): VerdictProtocol {
  return {
    kind: "field",
    promptHash: hash("sha256", `field ${String(FIELD_VERSION)}\n${field}`).slice(0, 16),
    instructionTokens: 0,
    wrapperTokens: 0,
    ineligible: (request) => ineligible(request, field),
    triageRequest,
    createReader: () => createVerdictReader({ confidenceField: field, answerField: null }),
    shippedForm: "verbatim",
  };
}

function ineligible(request: MessageRequest, field: string): BypassReason | null {
  const properties = outputSchema(request)?.["properties"];
  const hasField = isJsonObject(properties) && Object.hasOwn(properties, field);
  return hasField ? null : "no_confidence_field";
}

function triageRequest(request: MessageRequest, target: TriageTarget): MessageRequest {
  return {
    ...withoutThinking(request, target),
    model: target.model,
    max_tokens: Math.min(request.max_tokens, target.maxOutputTokens ?? request.max_tokens),
    stream: true,
  };
}
