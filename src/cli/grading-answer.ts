import type { BlindCard, CardVerdict } from "../compose/open-grading-desk.ts";
import { isJsonObject } from "../support/json.ts";

/** What somebody says to a card. */
export type GradingAnswer =
  | { readonly kind: "verdict"; readonly verdict: CardVerdict; readonly note: string | null }
  /** Takes the verdict before back. */
  | { readonly kind: "undo" }
  | { readonly kind: "end" };

/** What the keys stand for on this card: 1 to 4 in its order, `s` for who cannot tell. */
export function verdictKeys({
  verdicts,
}: Pick<BlindCard, "verdicts">): ReadonlyMap<string, CardVerdict> {
  return new Map(
    verdicts.map((verdict, position) => [
      verdict === "cannot_tell" ? "s" : String(position + 1),
      verdict,
    ]),
  );
}

/**
 * Reads a line of the plain mode: a key or the verdict's word, and after it a note; `u` and `q`. A
 * JSON object with `verdict` and `note` says the same.
 *
 * @returns null for what this card does not take
 */
export function readGradingLine(line: string, card: BlindCard): GradingAnswer | null {
  const text = line.trim();
  if (text.startsWith("{")) return readGradingJson(text, card);
  const [word = "", ...rest] = text.split(/\s+/);
  return answerOf(word.toLowerCase(), rest.join(" "), card);
}

function readGradingJson(text: string, card: BlindCard): GradingAnswer | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isJsonObject(value)) return null;
  const { verdict, note = "" } = value;
  if (typeof verdict !== "string" || typeof note !== "string") return null;
  return answerOf(verdict, note, card);
}

function answerOf(word: string, note: string, card: BlindCard): GradingAnswer | null {
  if (word === "u" || word === "undo") return { kind: "undo" };
  if (word === "q" || word === "quit") return { kind: "end" };
  const keys = verdictKeys(card);
  const verdict = keys.get(word) ?? [...keys.values()].find((one) => one === word);
  return verdict === undefined
    ? null
    : { kind: "verdict", verdict, note: note === "" ? null : note };
}
