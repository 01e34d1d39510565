import type { MessageRequest } from "../../messages/message-request.ts";
import { isJsonObject } from "../../support/json.ts";
import type { JsonObject, JsonValue } from "../../support/json.ts";
import type { RowPrompt } from "./dataset-row.ts";
import { member, refuse, ROW_MEMBERS, textMember } from "./row-members.ts";

/** The prompt of a row; null when it has none. @throws RowRefusal */
export function readPrompt(row: JsonObject): RowPrompt | null {
  const input = member(row, ROW_MEMBERS.input) ?? null;
  const messages = member(row, ROW_MEMBERS.messages) ?? null;
  const request = member(row, ROW_MEMBERS.request) ?? null;
  const count = Number(input !== null) + Number(messages !== null) + Number(request !== null);
  if (count === 0) return null;
  if (count > 1) {
    refuse("ambiguous_member", 'has more than one of "input", "messages" and "request"');
  }
  if (typeof input === "string") return textPrompt(input, textMember(row, ROW_MEMBERS.system));
  if (request !== null) return readRequestPrompt(request);
  return messagesPrompt(input ?? messages, textMember(row, ROW_MEMBERS.system));
}

/**
 * The prompt as a body of the Messages API.
 *
 * @param model for prompts that name none
 */
export function promptRequest(prompt: RowPrompt, model: string, maxTokens: number): MessageRequest {
  const base = { model, max_tokens: maxTokens };
  switch (prompt.kind) {
    case "text":
      return { ...base, messages: [{ role: "user", content: prompt.text }] };
    case "messages": {
      const { system } = prompt;
      // The shape of each was checked when the row was read.
      const messages = prompt.messages as unknown as MessageRequest["messages"];
      return { ...base, ...(system === null ? {} : { system }), messages };
    }
    case "request":
      return { ...base, ...prompt.body } as unknown as MessageRequest;
  }
}

function textPrompt(text: string, system: string | null): RowPrompt {
  if (system === null) return { kind: "text", text };
  return { kind: "messages", system, messages: [{ role: "user", content: text }] };
}

/** The prompt of a whole body of the Messages API. @throws RowRefusal */
export function readRequestPrompt(request: JsonValue): RowPrompt {
  if (!isJsonObject(request)) return refuse("invalid_member", '"request" is no object');
  checkMessages(request["messages"] ?? null);
  return { kind: "request", body: request };
}

/** Messages of the role `system` at the start become the system prompt, which is one text. */
function messagesPrompt(value: JsonValue, system: string | null): RowPrompt {
  const messages = checkMessages(value);
  const texts = system === null ? [] : [system];
  let from = 0;
  for (const message of messages) {
    if (message["role"] !== "system" && message["role"] !== "developer") break;
    if (typeof message["content"] !== "string") {
      refuse("invalid_member", "has a system message that is no text");
    }
    texts.push(message["content"]);
    from += 1;
  }
  if (from === messages.length) refuse("invalid_member", '"messages" holds no turn of the user');
  return {
    kind: "messages",
    system: texts.length === 0 ? null : texts.join("\n\n"),
    messages: from === 0 ? messages : messages.slice(from),
  };
}

function checkMessages(value: JsonValue): readonly JsonObject[] {
  if (!Array.isArray(value) || value.length === 0) {
    return refuse("invalid_member", '"messages" is no list of at least one message');
  }
  const messages: JsonObject[] = [];
  for (const message of value as readonly JsonValue[]) {
    if (!isJsonObject(message) || typeof message["role"] !== "string" || !hasContent(message)) {
      return refuse("invalid_member", '"messages" holds something that is no message');
    }
    messages.push(message);
  }
  // It may be a prefill or the right answer: only who wrote it knows.
  if (messages.at(-1)?.["role"] === "assistant") {
    refuse(
      "ends_with_answer",
      'ends with the turn of the assistant; a right answer goes into "ideal"',
    );
  }
  return messages;
}

function hasContent({ content }: JsonObject): boolean {
  if (typeof content === "string") return true;
  return Array.isArray(content) && content.every(isBlock);
}

function isBlock(block: unknown): boolean {
  if (!isJsonObject(block) || typeof block["type"] !== "string") return false;
  return block["type"] !== "text" || typeof block["text"] === "string";
}
