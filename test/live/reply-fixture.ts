import type { HttpHeaders } from "../../src/providers/provider.ts";

/** A reply as it is kept for other tests. */
export interface ReplyFixture {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface RawReply {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: string;
}

/** What names a call, a caller or an organisation. */
const IDENTIFIERS: readonly [RegExp, string][] = [
  [/\bmsg_[A-Za-z0-9_]+/g, "msg_redacted"],
  [/\breq_[A-Za-z0-9_]+/g, "req_redacted"],
  [/\btoolu_[A-Za-z0-9_]+/g, "toolu_redacted"],
  [/\bsk-[A-Za-z0-9_-]+/g, "key_redacted"],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, "uuid_redacted"],
];

/** The reply without its headers but for the type, and without identifiers in its body. */
export function fixtureOf({ status, headers, body }: RawReply): ReplyFixture {
  const contentType = headers["content-type"];
  return {
    status,
    contentType: typeof contentType === "string" ? contentType : "",
    body: IDENTIFIERS.reduce((text, [pattern, stand]) => text.replaceAll(pattern, stand), body),
  };
}
