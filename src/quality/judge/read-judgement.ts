import type { Message } from "../../messages/message.ts";
import { readJson } from "../../messages/read-json.ts";
import { isJsonObject } from "../../support/json.ts";
import { failure, success, type Result } from "../../support/result.ts";

export type JudgeVerdict = "right" | "wrong" | "cannot_tell";

/** What a judge said, by the places in which it read the answers. */
export interface Judgement {
  readonly first: JudgeVerdict;
  /** Null when there was one answer. */
  readonly second: JudgeVerdict | null;
  readonly agreement: "same" | "differs" | "cannot_tell" | null;
}

export type JudgementProblem = "judge_refused" | "judge_truncated" | "judge_unreadable";

/**
 * Reads a judge's reply. Strict: nothing is guessed from a reply that is not in the form that was
 * asked for, since a wrong grade is worse than none.
 */
export function readJudgement(
  message: Message,
  hasSecond: boolean,
): Result<Judgement, JudgementProblem> {
  if (message.stop_reason === "refusal") return failure("judge_refused");
  if (message.stop_reason === "max_tokens") return failure("judge_truncated");
  const text = message.content
    .flatMap(({ type, text }) => (type === "text" ? [text] : []))
    .join("");
  const read = readJson(text);
  if (!read.ok || !isJsonObject(read.value)) return failure("judge_unreadable");
  const { first, second, agreement } = read.value;
  if (!isVerdict(first)) return failure("judge_unreadable");
  if (!hasSecond) return success({ first, second: null, agreement: null });
  if (!isVerdict(second) || !isAgreement(agreement)) return failure("judge_unreadable");
  return success({ first, second, agreement });
}

function isVerdict(value: unknown): value is JudgeVerdict {
  return value === "right" || value === "wrong" || value === "cannot_tell";
}

function isAgreement(value: unknown): value is NonNullable<Judgement["agreement"]> {
  return value === "same" || value === "differs" || value === "cannot_tell";
}
