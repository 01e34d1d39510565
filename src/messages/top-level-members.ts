import { bufferOf } from "./buffer-of.ts";
import { readJson } from "./read-json.ts";

/** Where a top-level member of a JSON object stands in its bytes. Ends are exclusive. */
export interface TopLevelMember {
  /** The member's name, decoded. */
  readonly key: string;
  /** True when the name is written with a backslash escape. */
  readonly isEscaped: boolean;
  /** Index of the name's opening quote. */
  readonly keyStart: number;
  /** Index after the name's closing quote. */
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** How many arrays and objects of the value stand one inside the other; 0 for all else. */
  readonly depth: number;
}

/**
 * Finds the top-level members of a JSON object without reading what is inside of them. Repeated
 * names are all listed, in the order of the bytes. One pass, constant stack, whatever the depth.
 *
 * @returns null when the bytes are not one object, as far as that shows at the top level: values
 *   are skipped, not checked
 */
export function scanTopLevelMembers(bytes: Uint8Array): TopLevelMember[] | null {
  const buffer = bufferOf(bytes);
  let at = skipBlanks(buffer, 0);
  if (buffer[at] !== OPEN_BRACE) return null;
  at = skipBlanks(buffer, at + 1);
  const members: TopLevelMember[] = [];
  if (buffer[at] === CLOSE_BRACE) return isRestBlank(buffer, at + 1) ? members : null;
  for (;;) {
    const member = readMember(buffer, at);
    if (member === null) return null;
    members.push(member);
    at = skipBlanks(buffer, member.valueEnd);
    if (buffer[at] === CLOSE_BRACE) return isRestBlank(buffer, at + 1) ? members : null;
    if (buffer[at] !== COMMA) return null;
    at = skipBlanks(buffer, at + 1);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** A native search costs about as much as looking at this many bytes one by one. */
const NATIVE_SEARCH_AFTER_BYTES = 48;

function readMember(buffer: Buffer, keyStart: number): TopLevelMember | null {
  if (buffer[keyStart] !== QUOTE) return null;
  const keyEnd = endOfString(buffer, keyStart);
  if (keyEnd === -1) return null;
  const colon = skipBlanks(buffer, keyEnd);
  if (buffer[colon] !== COLON) return null;
  const valueStart = skipBlanks(buffer, colon + 1);
  const value = readValue(buffer, valueStart);
  if (value === null) return null;
  const written = buffer.toString("utf8", keyStart + 1, keyEnd - 1);
  const isEscaped = written.includes("\\");
  const key = isEscaped ? unescaped(written) : written;
  if (key === null) return null;
  return { key, isEscaped, keyStart, keyEnd, valueStart, valueEnd: value.end, depth: value.depth };
}

function unescaped(written: string): string | null {
  const read = readJson(`"${written}"`);
  return read.ok && typeof read.value === "string" ? read.value : null;
}

interface Value {
  /** Index after it. */
  readonly end: number;
  readonly depth: number;
}

/** Null when the value has no end. */
function readValue(buffer: Buffer, start: number): Value | null {
  const first = buffer[start];
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return readNested(buffer, start);
  const end = first === QUOTE ? endOfString(buffer, start) : endOfScalar(buffer, start);
  return end === -1 ? null : { end, depth: 0 };
}

function endOfScalar(buffer: Buffer, start: number): number {
  let at = start;
  while (at < buffer.length && !endsScalar(buffer[at])) at += 1;
  return at === start ? -1 : at;
}

function readNested(buffer: Buffer, start: number): Value | null {
  let open = 0;
  let depth = 0;
  let at = start;
  while (at < buffer.length) {
    const byte = buffer[at];
    if (byte === QUOTE) {
      at = endOfString(buffer, at);
      if (at === -1) return null;
      continue;
    }
    at += 1;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      open += 1;
      if (open > depth) depth = open;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      open -= 1;
      if (open === 0) return { end: at, depth };
    }
  }
  return null;
}

/** @returns the index after the closing quote, or -1 */
function endOfString(buffer: Buffer, openingQuote: number): number {
  let at = openingQuote + 1;
  while (at < buffer.length) {
    const nearEnd = Math.min(at + NATIVE_SEARCH_AFTER_BYTES, buffer.length);
    while (at < nearEnd) {
      const byte = buffer[at];
      if (byte === QUOTE) return at + 1;
      at += byte === BACKSLASH ? 2 : 1;
    }
    const quote = buffer.indexOf(QUOTE, at);
    if (quote === -1) return -1;
    let runStart = quote;
    while (runStart > at && buffer[runStart - 1] === BACKSLASH) runStart -= 1;
    at = quote + 1;
    // An even run of backslashes escapes itself and leaves the quote alone.
    if ((quote - runStart) % 2 === 0) return at;
  }
  return -1;
}

function skipBlanks(buffer: Buffer, start: number): number {
  let at = start;
  while (isBlank(buffer[at])) at += 1;
  return at;
}

function isRestBlank(buffer: Buffer, start: number): boolean {
  return skipBlanks(buffer, start) === buffer.length;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function endsScalar(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || isBlank(byte);
}
