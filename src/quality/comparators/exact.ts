import { compareValues, type Comparator } from "./comparator.ts";

/** Every character counts. Two answers without any are none to compare. */
export function createExactComparator(): Comparator {
  return {
    name: "exact",
    compare: (cheap, deep) =>
      compareValues(filled(cheap), filled(deep), (one, other) => one === other),
  };
}

function filled(text: string): string | null {
  return text === "" ? null : text;
}
