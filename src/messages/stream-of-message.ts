import type { ContentBlock, Message } from "./message.ts";
import { writeStreamEvent, writeTextDelta } from "./stream-event.ts";

/**
 * A whole message as the server-sent events of a stream that brings it, for readers of streams. Text
 * comes in one piece per block; blocks of other kinds come whole where they begin.
 */
export function streamOfMessage(message: Message): string {
  const { content, stop_reason, stop_sequence, usage } = message;
  const begun = { ...message, content: [], stop_reason: null, stop_sequence: null };
  return [
    writeStreamEvent({ type: "message_start", message: begun }),
    ...content.map((block, index) => streamOfBlock(block, index)),
    writeStreamEvent({ type: "message_delta", delta: { stop_reason, stop_sequence }, usage }),
    writeStreamEvent({ type: "message_stop" }),
  ].join("");
}

function streamOfBlock(block: ContentBlock, index: number): string {
  const isText = block.type === "text" && block.text !== undefined;
  return [
    writeStreamEvent({
      type: "content_block_start",
      index,
      content_block: isText ? { ...block, text: "" } : block,
    }),
    isText ? writeTextDelta(index, block.text ?? "") : "",
    writeStreamEvent({ type: "content_block_stop", index }),
  ].join("");
}
