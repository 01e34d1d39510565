import { isJsonObject } from "../../support/json.ts";

/** Characters of an excerpt. */
const LENGTH = 160;

/**
 * The beginning of what a request asks: the text of its last user message, on one line.
 *
 * @param body the request as it was stored, JSON
 * @returns null for a body that is none of ours or has no text
 */
export function requestExcerpt(body: Uint8Array): string | null {
  const text = lastUserText(body)?.replace(/\s+/g, " ").trim() ?? "";
  if (text === "") return null;
  const characters = Array.from(text);
  return characters.length <= LENGTH ? text : `${characters.slice(0, LENGTH - 1).join("")}…`;
}

function lastUserText(body: Uint8Array): string | null {
  const request = parse(body);
  if (!isJsonObject(request) || !Array.isArray(request["messages"])) return null;
  const messages: readonly unknown[] = request["messages"];
  const last = messages.findLast((message) => isJsonObject(message) && message["role"] === "user");
  return isJsonObject(last) ? textOf(last["content"]) : null;
}

function textOf(content: unknown): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  const blocks: readonly unknown[] = content;
  const texts = blocks.flatMap((block) =>
    isJsonObject(block) && block["type"] === "text" && typeof block["text"] === "string"
      ? [block["text"]]
      : [],
  );
  return texts.join(" ");
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
}
