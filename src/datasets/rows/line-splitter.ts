import { isUtf8 } from "node:buffer";

/** Cuts a stream of bytes into lines, whatever the chunks; keeps no more than one unfinished line. */
export interface LineSplitter {
  /** Lines that this chunk completes. Blank lines are numbered and left out. */
  push(chunk: Uint8Array): readonly Line[];
  /** The last line, when it had no end. */
  end(): readonly Line[];
}

export type Line =
  | { readonly number: number; readonly text: string; readonly problem: null }
  | { readonly number: number; readonly text: null; readonly problem: LineProblem };

/** Why a line was not read. Its bytes are dropped. */
export type LineProblem = "line_too_long" | "invalid_utf8";

/** A line may be as long as the gateway lets a request be. */
export const MAX_LINE_BYTES: number = 32 * 1024 * 1024;

/** @param maxLineBytes longest line without its end; a longer one is a `line_too_long` */
export function createLineSplitter(maxLineBytes: number = MAX_LINE_BYTES): LineSplitter {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let isTooLong = false;
  let number = 0;

  const hold = (piece: Buffer): void => {
    heldBytes += piece.length;
    // One more than the limit may be a carriage return.
    if (heldBytes > maxLineBytes + 1) {
      isTooLong = true;
      held = [];
    } else if (piece.length > 0) held.push(piece);
  };
  const complete = (lines: Line[], last: Buffer): void => {
    number += 1;
    if (heldBytes > 0) hold(last);
    if (isTooLong) lines.push(problem(number, "line_too_long"));
    else {
      const line = readLine(number, heldBytes > 0 ? Buffer.concat(held) : last, maxLineBytes);
      if (line !== null) lines.push(line);
    }
    held = [];
    heldBytes = 0;
    isTooLong = false;
  };

  return {
    push: (chunk) => {
      const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const lines: Line[] = [];
      let from = 0;
      for (;;) {
        const end = buffer.indexOf(LINE_FEED, from);
        if (end === -1) break;
        complete(lines, buffer.subarray(from, end));
        from = end + 1;
      }
      hold(buffer.subarray(from));
      return lines;
    },
    end: () => {
      const lines: Line[] = [];
      if (heldBytes > 0) complete(lines, Buffer.alloc(0));
      return lines;
    },
  };
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = "\uFEFF";

/** @returns null for a blank line */
function readLine(number: number, bytes: Buffer, maxLineBytes: number): Line | null {
  const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  if (end === 0) return null;
  if (end > maxLineBytes) return problem(number, "line_too_long");
  if (!isUtf8(bytes)) return problem(number, "invalid_utf8");
  const read = bytes.toString("utf8", 0, end);
  const text = number === 1 && read.startsWith(BYTE_ORDER_MARK) ? read.slice(1) : read;
  // Most lines begin with a brace: the others may be blanks alone.
  if (text.charCodeAt(0) <= BLANK && text.trim() === "") return null;
  return text === "" ? null : { number, text, problem: null };
}

const BLANK = 0x20;

function problem(number: number, what: LineProblem): Line {
  return { number, text: null, problem: what };
}
