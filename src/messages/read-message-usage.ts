import { readMessage } from "./message-shapes.ts";
import type { Message } from "./message.ts";
import { readJsonBytes } from "./read-json.ts";

/**
 * The message in the body of a non-streaming response, with its usage.
 *
 * @param bytes the decoded body (after gzip and the like)
 * @returns null when the body is not a message
 */
export function readMessageResponse(bytes: Uint8Array): Message | null {
  const read = readJsonBytes(bytes);
  return read.ok ? readMessage(read.value) : null;
}
