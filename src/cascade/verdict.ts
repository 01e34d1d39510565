import type { EscalationReason } from "./words.ts";

/** Problems of a verdict that make it unusable; each is an escalation reason of its own. */
export type VerdictProblem = Extract<
  EscalationReason,
  | "confidence_missing"
  | "confidence_invalid"
  | "verdict_unreadable"
  | "null_answer"
  | "blank_answer"
  | "answer_not_string"
  | "answer_missing"
>;

/** How far the reading of a verdict has come. */
export type VerdictState =
  /** The confidence is not complete yet. */
  | { readonly kind: "reading" }
  /** The confidence is complete; the answer has no visible character yet. */
  | { readonly kind: "confidence"; readonly confidence: number }
  /** The confidence is complete and the answer has begun with a character that is not blank. */
  | { readonly kind: "answering"; readonly confidence: number }
  /** The verdict is complete and sound. */
  | { readonly kind: "complete"; readonly confidence: number }
  /**
   * The verdict cannot be used. `confidence` is the first one that was read before the trouble,
   * else null. `answerBegan` says that the state had been `answering`: the branch had then been
   * taken already, however the text was cut, and the trouble came after it.
   */
  | {
      readonly kind: "unusable";
      readonly problem: VerdictProblem;
      readonly confidence: number | null;
      readonly answerBegan: boolean;
    };

/**
 * Reads a verdict from text that arrives in pieces. Any way to cut the text into pieces gives the
 * same states in the end and the same answer. A reader is used for one verdict.
 */
export interface VerdictReader {
  /** Takes the next piece of decoded answer text (never half a surrogate pair is required). */
  push(text: string): VerdictState;
  /** Says that no text follows. Afterwards the state is `complete` or `unusable`. */
  end(): VerdictState;
  readonly state: VerdictState;
  /**
   * Answer text that became readable since the last call: decoded, in order, never ending in half
   * a surrogate pair. Empty until the state is `answering`.
   */
  takeAnswerText(): string;
}
