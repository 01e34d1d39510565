import { bufferOf } from "../messages/buffer-of.ts";

/** Where a message ends in the bytes of its stream, and by which event. */
export interface MessageEnd {
  /** Just behind the blank line of its last event. */
  readonly offset: number;
  readonly event: "message_stop" | "error";
}

/**
 * Finds the first event that ends a message, in bytes that begin with an event. Asked once per stream,
 * of the chunk that is known to hold the end; null when it is written in a way that is not known here.
 */
export function endOfMessage(bytes: Uint8Array): MessageEnd | null {
  // One character per byte, so that places in the text are places in the bytes.
  const text = bufferOf(bytes).toString("latin1");
  const last = LAST_EVENT.exec(text);
  const event = last?.[1] ?? last?.[2];
  if (last === null || (event !== "message_stop" && event !== "error")) return null;
  const behind = last.index + last[0].length;
  const blank = BLANK_LINE.exec(text.slice(behind));
  return blank && { offset: behind + blank.index + blank[0].length, event };
}

/** By the field of the name or, for servers that leave that out, by the type that the data begin with. */
const LAST_EVENT =
  /^(?:event: ?(message_stop|error)(?=[\r\n])|data: ?\{\s*"type"\s*:\s*"(message_stop|error)")/m;

/** Two line ends, of which each may be CR, LF or CRLF. */
const BLANK_LINE = /(?:\r\n|\n|\r(?!\n)){2}/;
