import { inflateRawSync } from "node:zlib";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { Queries } from "./queries.ts";

const BODY = "SELECT encoding, content FROM bodies WHERE request_id = ? AND part = ?";

export function readBody(queries: Queries, requestId: string, part: string): Uint8Array | null {
  const row = queries.one(BODY, [requestId, part]);
  if (row === null) return null;
  const { encoding, content } = row;
  if (content instanceof Uint8Array && encoding === "identity") return new Uint8Array(content);
  if (content instanceof Uint8Array && encoding === "deflate") {
    return new Uint8Array(inflateRawSync(content));
  }
  throw new LeadsmanError("ledger_corrupt", `The body of ${requestId} (${part}) is unreadable.`);
}
