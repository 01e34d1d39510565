import type { MessageRequest } from "../../messages/message-request.ts";
import { isJsonObject, type JsonObject } from "../../support/json.ts";
import type { TriageTarget } from "./protocol.ts";

/** Whether the client asks for an output format of its own, in the current or the older place. */
export function hasOutputFormat(request: MessageRequest): boolean {
  return formatOf(request) != null;
}

/** The client's own JSON schema; null when it asks for none. */
export function outputSchema(request: MessageRequest): JsonObject | null {
  const format = formatOf(request);
  if (!isJsonObject(format) || format["type"] !== "json_schema") return null;
  return isJsonObject(format["schema"]) ? format["schema"] : null;
}

function formatOf(request: MessageRequest): unknown {
  return request.output_config?.format ?? request["output_format"];
}

/**
 * The request without the client's thinking and effort, which a triage has no time for. A model
 * that thinks unless told otherwise is told otherwise.
 */
export function withoutThinking(request: MessageRequest, target: TriageTarget): MessageRequest {
  const { thinking: _thinking, output_config: outputConfig, ...rest } = request;
  const { effort: _effort, ...config } = outputConfig ?? {};
  return {
    ...rest,
    ...(Object.keys(config).length > 0 && { output_config: config }),
    ...(target.thinkingWhenOmitted === "on" && { thinking: { type: "disabled" } }),
  };
}
