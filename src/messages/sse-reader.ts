import { isUtf8 } from "node:buffer";
import { createParser, type EventSourceParser } from "eventsource-parser";
import { bufferOf } from "./buffer-of.ts";

/** One event of a server-sent event stream. */
export interface SseFrame {
  /** From the `event:` field; null when the frame has none. */
  readonly event: string | null;
  /** The `data:` lines, joined by line feeds. */
  readonly data: string;
}

export interface SseReaderOptions {
  /** Most characters that the data of one frame may have. Default 8 Mi. */
  readonly maxFrameBytes?: number;
}

/** Reads frames from bytes that arrive in pieces. Used for one stream. */
export interface SseReader {
  /** Takes the next bytes, cut anywhere; calls `onFrame` for each frame that they complete. */
  push(chunk: Uint8Array): void;
  /** Says that no bytes follow. By the standard, a frame without its blank line is dropped. */
  end(): void;
  /** True while something has come after the last blank line: at the end, a cut frame. */
  readonly hasPartialFrame: boolean;
  /** Why reading stopped; later bytes are ignored. */
  readonly problem: "frame_too_large" | null;
}

/**
 * A reader of server-sent events as the WHATWG standard says: UTF-8 with one optional byte order
 * mark, lines ended by LF, CR or CRLF, comments and unknown fields ignored. However the bytes are
 * cut, the frames are the same.
 */
export function createSseReader(
  onFrame: (frame: SseFrame) => void,
  options: SseReaderOptions = {},
): SseReader {
  return new FrameReader(onFrame, options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES);
}

class FrameReader implements SseReader {
  problem: SseReader["problem"] = null;
  readonly #parser: EventSourceParser;
  readonly #decode = createChunkDecoder();
  readonly #onFrame: (frame: SseFrame) => void;
  readonly #maxFrameBytes: number;
  /** As if a blank line had come before the first byte. */
  #tail = "\n\n";
  /** The parser has had the beginning, where a byte order mark may be. */
  #hasBegun = false;

  constructor(onFrame: (frame: SseFrame) => void, maxFrameBytes: number) {
    this.#onFrame = onFrame;
    this.#maxFrameBytes = maxFrameBytes;
    this.#parser = createParser({
      maxBufferSize: maxFrameBytes + FIELD_NAME_SLACK,
      onEvent: ({ event, data }) => {
        if (this.problem !== null) return;
        // The parser sees the limit only in what it must buffer, which depends on the cutting.
        if (data.length > maxFrameBytes) this.problem = "frame_too_large";
        else onFrame({ event: event ?? null, data });
      },
      onError: ({ type }) => {
        if (type === "max-buffer-size-exceeded") this.problem = "frame_too_large";
      },
    });
  }

  get hasPartialFrame(): boolean {
    return !ENDS_WITH_BLANK_LINE.test(this.#tail);
  }

  push(chunk: Uint8Array): void {
    if (this.problem === null) this.#take(this.#decode(chunk));
  }

  end(): void {
    this.#take(this.#decode(null));
  }

  #take(text: string): void {
    if (this.problem !== null || text === "") return;
    const isBetweenFrames = this.#hasBegun && this.#tail.endsWith("\n\n");
    const frame = isBetweenFrames ? readWholeFrame(text, this.#maxFrameBytes) : null;
    if (frame !== null) {
      this.#onFrame(frame);
      return;
    }
    this.#hasBegun = true;
    const isLong = text.length >= TAIL_LENGTH;
    this.#tail = (isLong ? text : this.#tail + text).slice(-TAIL_LENGTH);
    this.#parser.feed(text);
  }
}

/**
 * The quick way for what nearly every chunk of a model's stream is: one frame of a name and one line
 * of data. Null when anything is different; the text is then parsed like any other.
 */
function readWholeFrame(text: string, maxFrameBytes: number): SseFrame | null {
  const nameEnd = text.indexOf("\n");
  const dataStart = nameEnd + DATA_FIELD.length;
  const dataEnd = text.length - BLANK_LINE.length;
  const isWhole =
    text.startsWith(EVENT_FIELD) &&
    nameEnd > EVENT_FIELD.length &&
    text.startsWith(DATA_FIELD, nameEnd) &&
    text.endsWith(BLANK_LINE) &&
    // The first line end after the data is the last but one of the text.
    text.indexOf("\n", dataStart) === dataEnd &&
    dataEnd - dataStart <= maxFrameBytes &&
    !text.includes("\r");
  if (!isWhole) return null;
  return { event: text.slice(EVENT_FIELD.length, nameEnd), data: text.slice(dataStart, dataEnd) };
}

const EVENT_FIELD = "event: ";
const DATA_FIELD = "\ndata: ";
const BLANK_LINE = "\n\n";

/**
 * Turns chunks into text; null ends them. A standard decoder carries characters over from chunk to
 * chunk, but costs a native object per stream: it is made only when a chunk ends inside of a
 * character, which is rare, and takes over from there.
 */
function createChunkDecoder(): (chunk: Uint8Array | null) => string {
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  return (chunk) => {
    if (chunk === null) return decoder?.decode() ?? "";
    if (decoder === null && isUtf8(chunk)) return bufferOf(chunk).toString("utf8");
    // The parser removes the byte order mark; two removers would remove two marks.
    decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
    return decoder.decode(chunk, { stream: true });
  };
}

const DEFAULT_MAX_FRAME_BYTES = 8 * 1024 * 1024;

/**
 * A frame within the limit must never trip over the parser's own, which counts `data: ` as well.
 */
const FIELD_NAME_SLACK = 64;

/** Two line ends of two characters each. */
const TAIL_LENGTH = 4;
const ENDS_WITH_BLANK_LINE = /(?:\r\n|\n|\r(?!\n)){2}$/;
