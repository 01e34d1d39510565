import { isJsonObject } from "../../support/json.ts";

/** What was asked, as somebody reads it who is to judge the answer. */
export interface RequestText {
  /** The system prompt; null when there is none. */
  readonly system: string | null;
  /** Oldest first. */
  readonly turns: readonly RequestTurn[];
}

export interface RequestTurn {
  /** `user`, `assistant`, or whatever the client wrote. */
  readonly role: string;
  readonly text: string;
}

/**
 * The texts of a stored request. What is no text is named in brackets, such as `[image]`, so that a
 * grader knows that something is not shown.
 *
 * @param body as it was stored, JSON
 * @returns null for a body that is no request of the Messages API
 */
export function requestText(body: Uint8Array): RequestText | null {
  const request = parseJson(body);
  if (!isJsonObject(request) || !Array.isArray(request["messages"])) return null;
  const messages: readonly unknown[] = request["messages"];
  const turns = messages.flatMap((message): RequestTurn[] => {
    if (!isJsonObject(message) || typeof message["role"] !== "string") return [];
    return [{ role: message["role"], text: contentText(message["content"]) }];
  });
  if (turns.length === 0) return null;
  const system = contentText(request["system"]);
  return { system: system === "" ? null : system, turns };
}

/** All text of a content: a string, or blocks of which each one begins a line. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  const blocks: readonly unknown[] = content;
  return blocks
    .map(blockText)
    .filter((text) => text !== "")
    .join("\n");
}

export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return null;
  }
}

function blockText(block: unknown): string {
  if (!isJsonObject(block) || typeof block["type"] !== "string") return "";
  const { type, text, content, name, input } = block;
  switch (type) {
    case "text":
      return typeof text === "string" ? text : "";
    case "thinking":
    case "redacted_thinking":
      return "";
    case "tool_use":
      return `[tool_use ${typeof name === "string" ? name : ""}] ${JSON.stringify(input ?? {})}`;
    case "tool_result":
      return `[tool_result] ${contentText(content)}`;
    default:
      return `[${type}]`;
  }
}
