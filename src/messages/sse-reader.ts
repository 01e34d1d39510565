import { createParser } from "eventsource-parser";

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
  const maxFrameBytes = options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES;
  let problem: SseReader["problem"] = null;
  // As if a blank line had come before the first byte.
  let tail = "\n\n";
  // The parser removes the byte order mark; two removers would remove two marks.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const parser = createParser({
    maxBufferSize: maxFrameBytes + FIELD_NAME_SLACK,
    onEvent: ({ event, data }) => {
      if (problem !== null) return;
      // The parser sees the limit only in what it must buffer, which depends on the cutting.
      if (data.length > maxFrameBytes) problem = "frame_too_large";
      else onFrame({ event: event ?? null, data });
    },
    onError: ({ type }) => {
      if (type === "max-buffer-size-exceeded") problem = "frame_too_large";
    },
  });
  const take = (text: string): void => {
    if (problem !== null || text === "") return;
    tail =
      text.length >= TAIL_LENGTH ? text.slice(-TAIL_LENGTH) : (tail + text).slice(-TAIL_LENGTH);
    parser.feed(text);
  };
  return {
    push: (chunk) => {
      if (problem === null) take(decoder.decode(chunk, { stream: true }));
    },
    end: () => {
      take(decoder.decode());
    },
    get hasPartialFrame() {
      return !ENDS_WITH_BLANK_LINE.test(tail);
    },
    get problem() {
      return problem;
    },
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
