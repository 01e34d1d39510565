import type { MessageRequest } from "../messages/message-request.ts";
import { isJsonObject } from "../support/json.ts";
import type { ModelFacts } from "./model-facts.ts";
import { REQUEST_RULES } from "./request-rules.ts";

/** What a request may hold that a model rejects and no edit of a parameter can mend. */
export type UnsupportedContent =
  "prefill" | "system_role" | "forced_tool_choice" | "too_many_images";

/** The first thing in the request that `model` rejects for good, or null. */
export function unsupportedContent(
  request: MessageRequest,
  model: ModelFacts,
): UnsupportedContent | null {
  const rules = REQUEST_RULES[model.id];
  if (rules?.prefill === "rejected" && request.messages.at(-1)?.role === "assistant") {
    return "prefill";
  }
  if (rules?.systemRole === "rejected" && request.messages.some(({ role }) => role === "system")) {
    return "system_role";
  }
  if (rules?.forcedToolChoice === "rejected" && hasForcedToolChoice(request)) {
    return "forced_tool_choice";
  }
  return countImages(request) > model.maxImages ? "too_many_images" : null;
}

/** True when the answer must be a tool call: `tool_choice` of type `any` or `tool`. */
export function hasForcedToolChoice(request: MessageRequest): boolean {
  const choice = request["tool_choice"];
  return isJsonObject(choice) && (choice["type"] === "any" || choice["type"] === "tool");
}

/** Image blocks in all messages, those inside tool results and documents included. */
export function countImages(request: MessageRequest): number {
  let total = 0;
  for (const message of request.messages) total += countImagesIn(message.content, 0);
  return total;
}

/** Upstream allows no deeper nesting: a block, a result or document in it, and what that holds. */
const MAX_DEPTH = 4;

function countImagesIn(content: unknown, depth: number): number {
  if (!Array.isArray(content) || depth > MAX_DEPTH) return 0;
  let total = 0;
  for (const block of content) {
    if (!isJsonObject(block)) continue;
    if (block["type"] === "image") total += 1;
    total += countImagesIn(block["content"], depth + 1);
    const source = block["source"];
    if (isJsonObject(source)) total += countImagesIn(source["content"], depth + 1);
  }
  return total;
}
