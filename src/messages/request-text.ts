import { isArray } from "./is-array.ts";
import type { ContentBlockParam, MessageRequest } from "./message-request.ts";

/**
 * UTF-8 bytes of all text that a model would read: system prompt, messages with tool calls, tool
 * results and text documents, and the definitions of tools with the names of their members. Images,
 * other binary data and signatures count 0. A basis to estimate tokens from, in one cheap pass.
 */
export function promptTextBytes(request: MessageRequest): number {
  let bytes = textBytes(request.system, false);
  for (const message of request.messages) bytes += textBytes(message.content, false);
  return bytes + textBytes(request.tools, true);
}

/** Image blocks in the messages, those inside of tool results included. Documents do not count. */
export function countImages(request: MessageRequest): number {
  let images = 0;
  for (const { content } of request.messages) {
    if (typeof content === "string") continue;
    for (const block of content) images += imagesIn(block);
  }
  return images;
}

/** Members that hold no text for the model, wherever they stand in a block. */
const NOT_TEXT: ReadonlySet<string> = new Set([
  "type",
  "id",
  "tool_use_id",
  "cache_control",
  "media_type",
  "signature",
  "url",
  "citations",
  "file_id",
]);

/**
 * Walks without recursion, because a body may be nested deeper than the stack reaches.
 *
 * @param isFreeForm true where all members are the caller's own words: tool schemas and inputs
 */
function textBytes(root: unknown, isFreeForm: boolean): number {
  let bytes = 0;
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "string") bytes += Buffer.byteLength(value);
    else if (isArray(value)) for (const entry of value) waiting.push(entry);
    else if (typeof value === "object" && value !== null)
      bytes += isFreeForm ? pushFreeForm(value, waiting) : pushBlock(value, waiting);
  }
  return bytes;
}

/** @returns bytes of the members' names; their values are put on `waiting` */
function pushFreeForm(value: object, waiting: unknown[]): number {
  let bytes = 0;
  for (const [name, member] of Object.entries(value)) {
    bytes += Buffer.byteLength(name);
    waiting.push(member);
  }
  return bytes;
}

/** @returns bytes of a tool call's input; the block's texts are put on `waiting` */
function pushBlock(block: object, waiting: unknown[]): number {
  let bytes = 0;
  const isText = "type" in block && block.type === "text";
  for (const [name, member] of Object.entries(block)) {
    if (name === "input") bytes += textBytes(member, true);
    // `data` is base64 everywhere but in a text source.
    else if (!NOT_TEXT.has(name) && (name !== "data" || isText)) waiting.push(member);
  }
  return bytes;
}

function imagesIn(block: ContentBlockParam): number {
  if (block.type === "image") return 1;
  const { type, content } = block;
  return type === "tool_result" && isArray(content) ? content.filter(isImage).length : 0;
}

function isImage(block: unknown): boolean {
  return typeof block === "object" && block !== null && "type" in block && block.type === "image";
}
