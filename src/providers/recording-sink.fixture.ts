import type { HttpHeaders, UpstreamFailure, UpstreamHead, UpstreamSink } from "./provider.ts";

/** Name of a sink method, as it was called. */
export type SinkEvent = "head" | "chunk" | "end" | "failure";

/** A sink that remembers what it was told. For tests. */
export interface RecordingSink extends UpstreamSink {
  readonly events: readonly SinkEvent[];
  readonly head: UpstreamHead | null;
  readonly failure: UpstreamFailure | null;
  /** All chunks so far as UTF-8. */
  text(): string;
  bytes(): Uint8Array;
  header(name: string): HttpHeaders[string];
  /** Resolves with the sink when the end or the failure came. */
  readonly over: Promise<RecordingSink>;
}

/** @param react is called after each event, so that a test can act from within a callback */
export function createRecordingSink(react?: (event: SinkEvent) => void): RecordingSink {
  const events: SinkEvent[] = [];
  const chunks: Uint8Array[] = [];
  let head: UpstreamHead | null = null;
  let failure: UpstreamFailure | null = null;
  const { promise: over, resolve } = Promise.withResolvers<RecordingSink>();
  const note = (event: SinkEvent): void => {
    events.push(event);
    react?.(event);
  };
  const sink: RecordingSink = {
    onHead: (given) => {
      head = given;
      note("head");
    },
    onChunk: (chunk) => {
      chunks.push(chunk);
      note("chunk");
    },
    onEnd: () => {
      note("end");
      resolve(sink);
    },
    onFailure: (given) => {
      failure = given;
      note("failure");
      resolve(sink);
    },
    events,
    get head() {
      return head;
    },
    get failure() {
      return failure;
    },
    text: () => Buffer.concat(chunks).toString("utf8"),
    bytes: () => Buffer.concat(chunks),
    header: (name) => head?.headers[name],
    over,
  };
  return sink;
}
