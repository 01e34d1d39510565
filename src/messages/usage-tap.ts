import { mergeUsage } from "./merge-usage.ts";
import type { ApiError, StreamEvent, Usage } from "./message.ts";
import { readJson } from "./read-json.ts";
import { createSseReader, type SseFrame, type SseReader } from "./sse-reader.ts";
import { readStreamEvent } from "./stream-event.ts";

/** What a stream that is passed through says about itself. Used for one stream. */
export interface UsageTap {
  /** Takes the next bytes of a decoded event stream, cut anywhere. Never throws. */
  push(chunk: Uint8Array): void;
  /** Latest cumulative counts; null before a readable `message_start`. */
  readonly usage: Usage | null;
  readonly reportedModel: string | null;
  readonly messageId: string | null;
  readonly stopReason: string | null;
  /** True once `message_stop` was seen. */
  readonly isStopped: boolean;
  /** Set by a frame that is too large to be read; nothing is learned from then on. */
  readonly problem: SseReader["problem"];
  /** What the first `error` event said. */
  readonly error: ApiError | null;
  /**
   * UTF-8 bytes of text, thinking and tool input seen so far: from them a lower bound of output
   * tokens can be estimated when the stream is cut before it reports them.
   */
  readonly outputTextBytes: number;
}

/**
 * Only the few frames that carry counts or an error are read as JSON; what cannot be read is passed
 * over, since the bytes are on their way to the client anyhow.
 */
export function createUsageTap(): UsageTap {
  return new StreamTap();
}

class StreamTap implements UsageTap {
  usage: Usage | null = null;
  reportedModel: string | null = null;
  messageId: string | null = null;
  stopReason: string | null = null;
  isStopped = false;
  error: ApiError | null = null;
  outputTextBytes = 0;
  readonly #reader = createSseReader((frame) => {
    this.#onFrame(frame);
  });

  get problem(): SseReader["problem"] {
    return this.#reader.problem;
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
  }

  #onFrame(frame: SseFrame): void {
    const name = frame.event ?? typeInData(frame.data);
    if (name === "content_block_delta") this.outputTextBytes += textBytesOfDelta(frame.data);
    else if (name === "message_stop") this.isStopped = true;
    else if (name !== null && READ_EVENTS.has(name)) {
      const read = readStreamEvent(frame);
      if (read.ok) this.#take(read.value);
    }
  }

  #take(event: StreamEvent): void {
    if (event.type === "message_start") {
      this.usage = event.message.usage;
      this.reportedModel = event.message.model;
      this.messageId = event.message.id;
    } else if (event.type === "message_delta") {
      this.stopReason = event.delta.stop_reason ?? this.stopReason;
      if (this.usage !== null) this.usage = mergeUsage(this.usage, event.usage);
    } else if (event.type === "error") this.error ??= event.error;
  }
}

const READ_EVENTS: ReadonlySet<string> = new Set(["message_start", "message_delta", "error"]);

/** For servers that leave the `event:` field out and write `type` first, as all do. */
function typeInData(data: string): string | null {
  return /^\s*\{\s*"type"\s*:\s*"(\w+)"/.exec(data)?.[1] ?? null;
}

/**
 * The beginning of a string member that holds generated text. It cannot match inside of a JSON
 * string, where each quote has a backslash before it.
 */
const TEXT_MEMBER = /"(?:text|thinking|partial_json)"\s*:\s*"/;

function textBytesOfDelta(data: string): number {
  const member = TEXT_MEMBER.exec(data);
  if (member === null) return 0;
  const start = member.index + member[0].length;
  const end = endOfString(data, start);
  const written = data.slice(start, end);
  if (!written.includes("\\")) return Buffer.byteLength(written);
  const read = readJson(`"${written}"`);
  return read.ok && typeof read.value === "string" ? Buffer.byteLength(read.value) : 0;
}

/** @returns the index of the closing quote, or the end of the text */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start);
  while (quote !== -1 && isEscaped(text, quote, start)) quote = text.indexOf('"', quote + 1);
  return quote === -1 ? text.length : quote;
}

function isEscaped(text: string, quote: number, start: number): boolean {
  let runStart = quote;
  while (runStart > start && text.charCodeAt(runStart - 1) === BACKSLASH) runStart -= 1;
  return (quote - runStart) % 2 === 1;
}

const BACKSLASH = 0x5c;
