import {
  QUOTE,
  BACKSLASH,
  OPEN_BRACE,
  CLOSE_BRACE,
  OPEN_BRACKET,
  CLOSE_BRACKET,
  COMMA,
  COLON,
  LETTER_U,
  ESCAPES,
  hexDigit,
  isBlank,
  isDelimiter,
  isLiteral,
} from "./json-lexis.ts";
import { createPreamble, type Preamble } from "./verdict-preamble.ts";

/**
 * Takes what a scanner finds in the one JSON object it reads. Only members of the object itself
 * are told of; what is nested deeper is checked and skipped.
 */
export interface MemberSink {
  /** A key, decoded. Its value follows. */
  onKey(key: string): void;
  /** The next piece of a string value, decoded; may end in half a surrogate pair. */
  onText(piece: string): void;
  onTextEnd(): void;
  /**
   * A value that is no string, array or object, exactly as written and delimited. It need not be
   * JSON: the scanner asks `isLiteral` of those it skips, the sink must ask of those it uses.
   */
  onLiteral(token: string): void;
  /** An array or object begins; it is skipped. */
  onNested(): void;
  /** The object is closed; whatever follows is ignored. */
  onObjectEnd(): void;
  onMalformed(): void;
}

/** Reads one JSON object from text that arrives in pieces, character for character. */
export interface JsonMemberScanner {
  push(text: string): void;
  /** Says that no text follows: an object still open is then malformed. */
  end(): void;
  /** Ends the scanning; the sink hears nothing more. */
  stop(): void;
}

/** Longer keys and literals are malformed. */
export const MAX_TOKEN_CHARS = 65_536;

/** Deeper nesting is malformed. */
const MAX_DEPTH = 512;

/**
 * The object may stand behind blanks, a byte order mark and a code fence, as models put it, and
 * raw tabs and line ends inside strings are taken; in all else the text must be JSON.
 */
export function createJsonMemberScanner(sink: MemberSink): JsonMemberScanner {
  const scan: Scan = {
    sink,
    mode: "preamble",
    preamble: createPreamble(),
    nesting: "",
    isKey: false,
    token: "",
    unicode: 0,
    unicodeDigits: 0,
  };
  return {
    push: (text) => {
      push(scan, text);
    },
    end: () => {
      if (scan.mode !== "done") fail(scan);
    },
    stop: () => {
      scan.mode = "done";
    },
  };
}

type Mode =
  | "preamble"
  | "first_key"
  | "key"
  | "colon"
  | "value"
  | "first_item"
  | "comma"
  | "string"
  | "escape"
  | "unicode"
  | "literal"
  | "done";

interface Scan {
  readonly sink: MemberSink;
  readonly preamble: Preamble;
  mode: Mode;
  /** Open brackets from the outside in, `{` or `[` each. */
  nesting: string;
  /** Whether the string being read is a key. */
  isKey: boolean;
  /** The key or literal as far as it was read. */
  token: string;
  /** The code unit of a `\u` escape as far as it was read. */
  unicode: number;
  unicodeDigits: number;
}

function push(scan: Scan, text: string): void {
  let at = 0;
  while (at < text.length && scan.mode !== "done") {
    if (scan.mode === "string") at = readString(scan, text, at);
    else if (scan.mode === "literal") at = readLiteral(scan, text, at);
    else {
      readMark(scan, text.charCodeAt(at));
      at += 1;
    }
  }
}

/** Reads one character outside of strings and literals. */
function readMark(scan: Scan, code: number): void {
  if (scan.mode === "preamble") readPreamble(scan, code);
  else if (scan.mode === "escape") readEscape(scan, code);
  else if (scan.mode === "unicode") readUnicode(scan, code);
  else if (!isBlank(code)) readStructure(scan, code);
}

function readPreamble(scan: Scan, code: number): void {
  const step = scan.preamble.step(code);
  if (step === "unreadable") fail(scan);
  else if (step === "object") {
    scan.nesting = "{";
    scan.mode = "first_key";
  }
}

function readStructure(scan: Scan, code: number): void {
  switch (scan.mode) {
    case "first_key":
    case "key":
      if (code === QUOTE) openString(scan, true);
      else if (code === CLOSE_BRACE && scan.mode === "first_key") closeNesting(scan, "{");
      else fail(scan);
      return;
    case "colon":
      if (code !== COLON) {
        fail(scan);
        return;
      }
      scan.mode = "value";
      if (isTopLevel(scan)) scan.sink.onKey(scan.token);
      return;
    case "comma":
      if (code === CLOSE_BRACE) closeNesting(scan, "{");
      else if (code === CLOSE_BRACKET) closeNesting(scan, "[");
      else if (code === COMMA) scan.mode = scan.nesting.endsWith("{") ? "key" : "value";
      else fail(scan);
      return;
    default:
      readValueStart(scan, code);
  }
}

function readValueStart(scan: Scan, code: number): void {
  switch (code) {
    case QUOTE:
      openString(scan, false);
      return;
    case OPEN_BRACE:
      openNesting(scan, "{");
      return;
    case OPEN_BRACKET:
      openNesting(scan, "[");
      return;
    case CLOSE_BRACKET:
      if (scan.mode === "first_item") closeNesting(scan, "[");
      else fail(scan);
      return;
    case COMMA:
    case COLON:
    case CLOSE_BRACE:
      fail(scan);
      return;
    default:
      scan.token = String.fromCharCode(code);
      scan.mode = "literal";
  }
}

function openNesting(scan: Scan, bracket: "{" | "["): void {
  const wasTopLevel = isTopLevel(scan);
  scan.nesting += bracket;
  scan.mode = bracket === "{" ? "first_key" : "first_item";
  if (scan.nesting.length > MAX_DEPTH) fail(scan);
  else if (wasTopLevel) scan.sink.onNested();
}

function closeNesting(scan: Scan, bracket: "{" | "["): void {
  if (!scan.nesting.endsWith(bracket)) {
    fail(scan);
    return;
  }
  scan.nesting = scan.nesting.slice(0, -1);
  scan.mode = "comma";
  if (scan.nesting !== "") return;
  scan.mode = "done";
  scan.sink.onObjectEnd();
}

function openString(scan: Scan, isKey: boolean): void {
  scan.isKey = isKey;
  scan.token = "";
  scan.mode = "string";
}

/** Reads on in a string; returns where to go on. */
function readString(scan: Scan, text: string, from: number): number {
  let at = from;
  let code = -1;
  for (; at < text.length; at += 1) {
    code = text.charCodeAt(at);
    if (code === QUOTE || code === BACKSLASH || (code < 0x20 && !isBlank(code))) break;
  }
  if (at > from) takePiece(scan, from === 0 && at === text.length ? text : text.slice(from, at));
  if (at === text.length || scan.mode !== "string") return at;
  if (code === QUOTE) closeString(scan);
  else if (code === BACKSLASH) scan.mode = "escape";
  else fail(scan);
  return at + 1;
}

function closeString(scan: Scan): void {
  scan.mode = scan.isKey ? "colon" : "comma";
  if (!scan.isKey && isTopLevel(scan)) scan.sink.onTextEnd();
}

function readEscape(scan: Scan, code: number): void {
  if (code === LETTER_U) {
    scan.unicode = 0;
    scan.unicodeDigits = 0;
    scan.mode = "unicode";
    return;
  }
  const character = ESCAPES.get(code);
  scan.mode = "string";
  if (character === undefined) fail(scan);
  else takePiece(scan, character);
}

function readUnicode(scan: Scan, code: number): void {
  const digit = hexDigit(code);
  if (digit === -1) {
    fail(scan);
    return;
  }
  scan.unicode = scan.unicode * 16 + digit;
  scan.unicodeDigits += 1;
  if (scan.unicodeDigits < 4) return;
  scan.mode = "string";
  takePiece(scan, String.fromCharCode(scan.unicode));
}

/** Takes decoded text of the string that is being read. */
function takePiece(scan: Scan, piece: string): void {
  if (!isTopLevel(scan)) return;
  if (!scan.isKey) {
    scan.sink.onText(piece);
    return;
  }
  scan.token += piece;
  if (scan.token.length > MAX_TOKEN_CHARS) fail(scan);
}

/** Reads on in a literal; returns where to go on, which is its delimiter if that is there. */
function readLiteral(scan: Scan, text: string, from: number): number {
  let at = from;
  while (at < text.length && !isDelimiter(text.charCodeAt(at))) at += 1;
  scan.token += text.slice(from, at);
  if (scan.token.length > MAX_TOKEN_CHARS) fail(scan);
  else if (at < text.length) {
    scan.mode = "comma";
    if (isTopLevel(scan)) scan.sink.onLiteral(scan.token);
    else if (!isLiteral(scan.token)) fail(scan);
  }
  return at;
}

function fail(scan: Scan): void {
  scan.mode = "done";
  scan.sink.onMalformed();
}

function isTopLevel(scan: Scan): boolean {
  return scan.nesting.length === 1;
}
