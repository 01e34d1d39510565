import { createProtocol } from "../../cascade/protocols/create-protocol.ts";
import type { ProtocolChoice } from "../../cascade/route.ts";
import { readJson } from "../../messages/read-json.ts";
import { readMessageResponse } from "../../messages/read-message-usage.ts";
import type { ContentBlock } from "../../messages/message.ts";
import { isJsonObject } from "../../support/json.ts";

/** Kinds of blocks that are no part of what was answered. */
const ASIDE: ReadonlySet<string> = new Set(["thinking", "redacted_thinking"]);

/**
 * What an answer says, as a client would read it: without the verdict around it, and without the
 * confidence, so that neither graders nor comparators see one.
 *
 * @param bytes a stored message of the Messages API
 * @param isVerdict whether the answer was a triage's, which carries the verdict
 * @returns null for what is no message, or more than text (a call of a tool)
 */
export function readAnswerText(
  bytes: Uint8Array,
  protocol: ProtocolChoice,
  isVerdict: boolean,
): string | null {
  const message = readMessageResponse(bytes);
  if (message === null) return null;
  const blocks = message.content.filter(({ type }) => !ASIDE.has(type));
  if (blocks.some(({ type }) => type !== "text")) return null;
  const text = blocks.map(textOf).join("");
  if (protocol.kind === "field") return withoutField(text, protocol.field);
  return isVerdict ? answerOfVerdict(text, protocol) : text;
}

function textOf({ text }: ContentBlock): string {
  return text ?? "";
}

function answerOfVerdict(text: string, choice: ProtocolChoice): string | null {
  const reader = createProtocol(choice).createReader();
  reader.push(text);
  return reader.end().kind === "complete" ? reader.takeAnswerText() : null;
}

/** Both sides state a confidence in the client's own field; what they answer is the rest. */
function withoutField(text: string, field: string): string {
  const parsed = readJson(text);
  if (!parsed.ok || !isJsonObject(parsed.value)) return text;
  const rest = Object.entries(parsed.value).filter(([name]) => name !== field);
  return JSON.stringify(Object.fromEntries(rest));
}
