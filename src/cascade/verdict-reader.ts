import { isJsonNumber, isLiteral } from "./json-lexis.ts";
import {
  createJsonMemberScanner,
  MAX_TOKEN_CHARS,
  type JsonMemberScanner,
  type MemberSink,
} from "./json-member-scanner.ts";
import type { VerdictProblem, VerdictReader, VerdictState } from "./verdict.ts";

export interface VerdictReaderOptions {
  /** Key of the confidence. */
  readonly confidenceField: string;
  /** Key of the answer; null when only the confidence matters. */
  readonly answerField: string | null;
  /**
   * Answer text that may be held back, in UTF-16 units, before the verdict counts as unreadable.
   * Default 8,388,608.
   */
  readonly maxHeldChars?: number;
}

/** Far more than any model writes; only there so that a broken upstream cannot fill the memory. */
const MAX_HELD_CHARS = 8 * 1024 * 1024;

/**
 * Reads a verdict as it arrives.
 *
 * - The first confidence that is complete is *the* confidence; a second one is trouble.
 * - An answer that comes before the confidence is held back, and so is what is wrong with it: the
 *   order of the two members changes nothing.
 * - Blanks that lead the answer are held back until a visible character follows.
 * - With `answerField: null` there is no answer to wait for: the state is `answering` as soon as
 *   the confidence is complete, and `takeAnswerText` stays empty.
 * - What is unusable stays unusable, and nothing is read after it.
 */
export function createVerdictReader(options: VerdictReaderOptions): VerdictReader {
  return new Reader(createReading(options));
}

class Reader implements VerdictReader {
  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  get state(): VerdictState {
    return this.#reading.state;
  }

  push(text: string): VerdictState {
    this.#reading.scanner.push(text);
    return this.#reading.state;
  }

  end(): VerdictState {
    this.#reading.scanner.end();
    return this.#reading.state;
  }

  takeAnswerText(): string {
    return takeAnswerText(this.#reading);
  }
}

interface Reading {
  readonly confidenceField: string;
  readonly answerField: string | null;
  readonly maxHeldChars: number;
  readonly scanner: JsonMemberScanner;
  state: VerdictState;
  /** What the value being read belongs to. */
  member: "confidence" | "answer" | "other";
  confidence: number | null;
  /** A confidence that is a string, as far as it was read. */
  confidenceText: string;
  hasConfidenceKey: boolean;
  hasAnswerKey: boolean;
  /** Decoded answer text that was not taken yet. */
  answerText: string;
  hasVisibleAnswer: boolean;
  /** What is wrong with an answer whose confidence is not known yet. */
  answerProblem: VerdictProblem | null;
}

function createReading(options: VerdictReaderOptions): Reading {
  const reading: Reading = {
    confidenceField: options.confidenceField,
    answerField: options.answerField,
    maxHeldChars: options.maxHeldChars ?? MAX_HELD_CHARS,
    scanner: createJsonMemberScanner({
      onKey: (key) => {
        beginMember(reading, key);
      },
      onText: (piece) => {
        takeText(reading, piece);
      },
      onTextEnd: () => {
        endText(reading);
      },
      onLiteral: (token) => {
        takeLiteral(reading, token);
      },
      onNested: () => {
        takeNested(reading);
      },
      onObjectEnd: () => {
        complete(reading);
      },
      onMalformed: () => {
        fail(reading, "verdict_unreadable");
      },
    } satisfies MemberSink),
    state: { kind: "reading" },
    member: "other",
    confidence: null,
    confidenceText: "",
    hasConfidenceKey: false,
    hasAnswerKey: false,
    answerText: "",
    hasVisibleAnswer: false,
    answerProblem: null,
  };
  return reading;
}

function beginMember(reading: Reading, key: string): void {
  if (key === reading.confidenceField) {
    reading.member = "confidence";
    if (reading.hasConfidenceKey) fail(reading, "confidence_invalid");
    reading.hasConfidenceKey = true;
  } else if (key === reading.answerField) {
    reading.member = "answer";
    // Two answers: there is no telling which one the confidence is about.
    if (reading.hasAnswerKey) fail(reading, "verdict_unreadable");
    reading.hasAnswerKey = true;
  } else reading.member = "other";
}

function takeText(reading: Reading, piece: string): void {
  if (reading.member === "answer") takeAnswer(reading, piece);
  else if (reading.member === "confidence") {
    reading.confidenceText += piece;
    if (reading.confidenceText.length > MAX_TOKEN_CHARS) fail(reading, "confidence_invalid");
  }
}

/** Held text is counted up to the character that frees it, so that no cut makes a difference. */
function takeAnswer(reading: Reading, piece: string): void {
  const heldChars = reading.answerText.length;
  reading.answerText += piece;
  if (reading.state.kind === "answering") return;
  const visibleAt = reading.hasVisibleAnswer ? 0 : firstVisible(piece);
  if (visibleAt !== -1) reading.hasVisibleAnswer = true;
  const isFreed = reading.confidence !== null && visibleAt !== -1;
  const countedChars = heldChars + (isFreed ? visibleAt : piece.length);
  if (countedChars > reading.maxHeldChars) fail(reading, "verdict_unreadable");
  else advance(reading);
}

function endText(reading: Reading): void {
  if (reading.member === "confidence") takeConfidence(reading, reading.confidenceText);
  else if (reading.member === "answer" && !reading.hasVisibleAnswer) {
    reading.answerProblem = "blank_answer";
    advance(reading);
  }
}

function takeLiteral(reading: Reading, token: string): void {
  if (reading.member === "confidence") takeConfidence(reading, token);
  else if (!isLiteral(token)) fail(reading, "verdict_unreadable");
  else if (reading.member === "answer") {
    reading.answerProblem = token === "null" ? "null_answer" : "answer_not_string";
    advance(reading);
  }
}

function takeNested(reading: Reading): void {
  if (reading.member === "confidence") fail(reading, "confidence_invalid");
  else if (reading.member === "answer") {
    reading.answerProblem = "answer_not_string";
    advance(reading);
  }
}

/** A JSON number from 0 to 1 is a confidence; nothing else is, and nothing is bent into one. */
function takeConfidence(reading: Reading, text: string): void {
  const value = isJsonNumber(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) {
    // Adding zero turns a negative zero into a plain one.
    reading.confidence = value + 0;
    advance(reading);
  } else fail(reading, "confidence_invalid");
}

/** Moves the state on to what is known by now. */
function advance(reading: Reading): void {
  const { confidence, state } = reading;
  if (confidence === null || state.kind === "answering") return;
  const answerBegan = reading.answerField === null || reading.hasVisibleAnswer;
  if (reading.answerProblem !== null) fail(reading, reading.answerProblem);
  else if (answerBegan) reading.state = { kind: "answering", confidence };
  else if (state.kind === "reading") reading.state = { kind: "confidence", confidence };
}

function complete(reading: Reading): void {
  const { confidence } = reading;
  if (confidence === null) fail(reading, "confidence_missing");
  else if (reading.answerField !== null && !reading.hasAnswerKey) fail(reading, "answer_missing");
  else reading.state = { kind: "complete", confidence };
}

function fail(reading: Reading, problem: VerdictProblem): void {
  const answerBegan = reading.state.kind === "answering";
  reading.state = { kind: "unusable", problem, confidence: reading.confidence, answerBegan };
  reading.scanner.stop();
}

function takeAnswerText(reading: Reading): string {
  const { state, answerText } = reading;
  if (answerText === "" || !isReadable(state)) return "";
  const mayGrow = state.kind === "answering";
  const isHalf = mayGrow && isHighSurrogate(answerText.charCodeAt(answerText.length - 1));
  const text = isHalf ? answerText.slice(0, -1) : answerText;
  reading.answerText = isHalf ? answerText.slice(-1) : "";
  return text.toWellFormed();
}

function isReadable(state: VerdictState): boolean {
  if (state.kind === "unusable") return state.answerBegan;
  return state.kind === "answering" || state.kind === "complete";
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/** White space, controls and invisible marks: an answer of these alone is no answer. */
const INVISIBLE = /^[\s\p{Cc}\p{Cf}]$/u;

/** Position of the first visible character; -1 when there is none. */
function firstVisible(piece: string): number {
  for (let at = 0; at < piece.length; at += 1) {
    const code = piece.charCodeAt(at);
    if (code > 0x20 && code < 0x7f) return at;
    if (!INVISIBLE.test(String.fromCharCode(code))) return at;
  }
  return -1;
}
