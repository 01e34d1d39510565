import { compareValues, type Comparator } from "./comparator.ts";

/** The same words in the same order: how they are set does not count. */
export function createTextComparator(): Comparator {
  return {
    name: "text",
    compare: (cheap, deep) =>
      compareValues(normalised(cheap), normalised(deep), (one, other) => one === other),
  };
}

const END = /[\s.!?…。！？]+$/u;

/**
 * Unicode NFC, one case, single spaces, no punctuation at the end; null when nothing is left. Upper
 * case before lower case, as some letters meet only there (ß and SS, both sigmas).
 */
export function normalised(text: string): string | null {
  const folded = text.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
  const plain = folded.replace(/\s+/gu, " ").replace(END, "").trim();
  return plain === "" ? null : plain;
}
