import { createHash, hash } from "node:crypto";
import type { MessageRequest } from "../messages/message-request.ts";

/** Claude Code puts a line of this start first in the system prompt; it differs in every request. */
const BILLING_MARK = "x-anthropic-billing-header:";

/**
 * Hash of a body that is equal for a repeat of the same request: 32 hexadecimal digits of SHA-256
 * over the bytes as they came, but for the client's billing line.
 *
 * @param bytes the decoded body that `request` was read from
 */
export function bodyHash(request: MessageRequest, bytes: Uint8Array): string {
  const line = billingLine(request);
  const digest = line === null ? hash("sha256", bytes) : hashWithout(line, request, bytes);
  return digest.slice(0, 32);
}

function billingLine({ system }: MessageRequest): string | null {
  const first = typeof system === "string" ? undefined : system?.[0];
  return first?.text?.startsWith(BILLING_MARK) === true ? first.text : null;
}

function hashWithout(line: string, request: MessageRequest, bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const written = Buffer.from(JSON.stringify(line));
  const start = buffer.indexOf(written);
  // A client that escapes more than it must: the rest of what the body says is hashed instead.
  if (start === -1) return hash("sha256", JSON.stringify(withoutFirstBlock(request)));
  return createHash("sha256")
    .update(buffer.subarray(0, start))
    .update(buffer.subarray(start + written.length))
    .digest("hex");
}

function withoutFirstBlock(request: MessageRequest): MessageRequest {
  const { system } = request;
  return Array.isArray(system) ? { ...request, system: system.slice(1) } : request;
}
