import { compareValues, type Comparator } from "./comparator.ts";
import { normalised } from "./text.ts";

/** Compares which of the labels comes first in each answer. */
export function createLabelComparator(labels: readonly string[]): Comparator {
  const known = labels.flatMap((label) => normalised(label) ?? []);
  return {
    name: "label",
    compare: (cheap, deep) =>
      compareValues(
        firstLabel(cheap, known),
        firstLabel(deep, known),
        (one, other) => one === other,
      ),
  };
}

/** As a word of its own, whatever its case; where two begin at one place, the longer one. */
function firstLabel(text: string, labels: readonly string[]): string | null {
  const words = normalised(text) ?? "";
  const found = labels
    .map((label) => ({ label, at: placeOf(label, words) }))
    .filter(({ at }) => at >= 0)
    .toSorted((one, other) => one.at - other.at || other.label.length - one.label.length);
  return found[0]?.label ?? null;
}

const PART_OF_WORD = /[\p{L}\p{N}_]/u;

function placeOf(label: string, text: string): number {
  for (let at = text.indexOf(label); at >= 0; at = text.indexOf(label, at + 1)) {
    const before = text.slice(0, at).at(-1) ?? " ";
    const after = text.charAt(at + label.length);
    if (!PART_OF_WORD.test(before) && !PART_OF_WORD.test(after)) return at;
  }
  return -1;
}
