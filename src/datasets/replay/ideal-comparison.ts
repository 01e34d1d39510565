/** Says whether an answer is one of the right ones; null when this comparison cannot tell. */
export type IdealComparison = (
  answer: string,
  ideals: readonly string[],
) => "right" | "wrong" | null;

export const IDEAL_COMPARISONS = ["text", "exact", "none"] as const;
export type IdealComparisonName = (typeof IDEAL_COMPARISONS)[number];

/**
 * The comparison of a name. `exact`: character by character. `text`: but for case, white space,
 * width of characters and a full stop at the end. Both tell only where all right answers are closed
 * ones, such as a label or a number: whether they tell must not depend on the answer, or the labels
 * would be no fair sample. `none` leaves everything to graders.
 */
export function idealComparison(name: IdealComparisonName): IdealComparison {
  switch (name) {
    case "none":
      return () => null;
    case "exact":
      return (answer, ideals) => compare(answer, ideals, (text) => text);
    case "text":
      return (answer, ideals) => compare(answer, ideals, normalised);
  }
}

/** Longest answer that can be expected word for word, in characters and words. */
const CLOSED_CHARACTERS = 40;
const CLOSED_WORDS = 4;

function compare(
  answer: string,
  ideals: readonly string[],
  form: (text: string) => string,
): "right" | "wrong" | null {
  if (ideals.length === 0 || !ideals.every(isClosed)) return null;
  const given = form(answer);
  return ideals.some((ideal) => form(ideal) === given) ? "right" : "wrong";
}

function isClosed(ideal: string): boolean {
  const text = ideal.trim();
  return (
    text !== "" && text.length <= CLOSED_CHARACTERS && text.split(/\s+/u).length <= CLOSED_WORDS
  );
}

function normalised(text: string): string {
  const plain = text.normalize("NFKC").toLowerCase().replaceAll(/\s+/gu, " ").trim();
  return plain.replace(/\s?[.。]$/u, "");
}
