import { isUtf8 } from "node:buffer";
import type { ExportedBody } from "./rows/evidence-row.ts";

/** A stored text as an export writes it. */
export function exportedBody(bytes: Uint8Array): ExportedBody {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? buffer.toString("utf8") : { base64: buffer.toString("base64") };
}
