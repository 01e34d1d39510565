import type { RequestRecord } from "../cascade/receipt.ts";
import type { ParsedRequest } from "../messages/message-request.ts";
import type { CommitCounts } from "./committer.ts";
import type { HttpHeaders } from "../providers/provider.ts";

/** A call of `/v1/messages`, read and counted by whoever serves the client. */
export interface ClientRequest {
  /** Ours; also the id of the receipt. */
  readonly id: string;
  /** Path and query for upstream, always beginning with `/v1/messages`. */
  readonly path: string;
  /** The client's headers in lower case, ours (`x-leadsman-*`) included, hop-by-hop ones not. */
  readonly headers: HttpHeaders;
  /** The body as it came over the wire, perhaps compressed. */
  readonly wireBytes: Uint8Array;
  readonly parsed: ParsedRequest;
  /** When the last byte of the request had come in, on the monotonic clock. */
  readonly arrivedMonotonicMs: number;
}

/** Any other call: forwarded unread and unbuffered. */
export interface ForwardedRequest {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly headers: HttpHeaders;
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
  readonly arrivedMonotonicMs: number;
}

/**
 * The way back to the client. The order is `open`, any number of `write`, then `end` or `destroy`;
 * `destroy` may also come first. After the client has left, all calls are silently ignored.
 */
export interface ClientSink {
  open(status: number, headers: HttpHeaders): void;
  /** False when the client reads slower than we write: stop until `onDrain` calls. */
  write(chunk: Uint8Array): boolean;
  onDrain(callback: () => void): void;
  end(): void;
  /** Breaks the connection, so that a broken answer never looks like a complete one. */
  destroy(): void;
  /** Calls once if the client leaves before `end`; at once when it has left already. */
  onClientGone(callback: () => void): void;
}

/** Takes client requests to their end. Never rejects: whatever goes wrong is told to the client. */
export interface Router {
  /** Resolves when the client's response has ended and its record is committed or given up. */
  handleMessages(request: ClientRequest, sink: ClientSink): Promise<void>;
  /** `count_tokens`: as `handleForwarded`, but a virtual model name becomes the last tier's. */
  handleCountTokens(request: ClientRequest, sink: ClientSink): Promise<void>;
  handleForwarded(request: ForwardedRequest, sink: ClientSink): Promise<void>;
  /** Background calls under way or waiting (shadow pairs). */
  backgroundCalls(): number;
  /** Records that were not committed when their client was served. */
  commitCounts(): CommitCounts;
  /** Lets background calls end until the signal is aborted; then gives the rest up. */
  drain(signal: AbortSignal): Promise<void>;
}

/** Told of what happens; must not throw and must be quick. For traces, logs and watching. */
export interface RouterObserver {
  requestEnded(record: RequestRecord): void;
}
