import { bufferOf } from "./buffer-of.ts";

/** Lets a passed-on event stream go out in whole frames, so that a break never leaves half of one. */
export interface WholeFrames {
  /** Takes the next bytes; returns those up to the last blank line, or null while there is none. */
  push(chunk: Uint8Array): Uint8Array | null;
  /** The part of a frame that is held back; null when there is none. */
  takeRest(): Uint8Array | null;
}

/** A frame that is longer than this is passed on in parts: it must not fill the memory. */
const MAX_HELD_BYTES = 1024 * 1024;

/** Bytes go out unchanged and in order; only the points where they are parted move. */
export function createWholeFrames(): WholeFrames {
  return new FrameHolder();
}

class FrameHolder implements WholeFrames {
  #held: Uint8Array | null = null;

  push(chunk: Uint8Array): Uint8Array | null {
    const bytes = this.#held === null ? chunk : Buffer.concat([this.#held, chunk]);
    const end = bytes.length > MAX_HELD_BYTES ? bytes.length : endOfLastFrame(bytes);
    this.#held = end === bytes.length ? null : bytes.subarray(end);
    return end === 0 ? null : bytes.subarray(0, end);
  }

  takeRest(): Uint8Array | null {
    const rest = this.#held;
    this.#held = null;
    return rest;
  }
}

/** Just behind the last blank line, whichever line ends it is made of; 0 when there is none. */
function endOfLastFrame(bytes: Uint8Array): number {
  // Nearly every chunk ends with its frame.
  if (bytes.at(-1) === LINE_FEED && bytes.at(-2) === LINE_FEED) return bytes.length;
  const buffer = bufferOf(bytes);
  let end = 0;
  for (const blankLine of BLANK_LINES) {
    const at = buffer.lastIndexOf(blankLine, undefined, "latin1");
    if (at !== -1) end = Math.max(end, at + blankLine.length);
  }
  return end;
}

const LINE_FEED = 0x0a;

/**
 * Two line ends, of which each may be CR, LF or CRLF. The longer ones are found as the shorter ones
 * within them, but for what ends in CR: its LF may be yet to come, and is then a blank line more.
 */
const BLANK_LINES = ["\n\n", "\r\r", "\n\r", "\n\r\n"] as const;
