import { compareValues, type Comparator } from "./comparator.ts";

/** How far apart two numbers may be; the wider allowance counts. */
export interface Tolerance {
  /** In the unit of the numbers. */
  readonly absolute: number;
  /** Share of the larger of the two, 0–1. */
  readonly relative: number;
}

/** Compares the one number that each answer names; an answer with several different ones has none. */
export function createNumberComparator({ absolute, relative }: Tolerance): Comparator {
  return {
    name: "number",
    compare: (cheap, deep) =>
      compareValues(onlyNumber(cheap), onlyNumber(deep), (one, other) => {
        const allowed = Math.max(absolute, relative * Math.max(Math.abs(one), Math.abs(other)));
        return one === other || Math.abs(one - other) <= allowed * (1 + ROUNDING);
      }),
  };
}

/** Of 1.1 and 1.0 the difference is a last digit more than 0.1. */
const ROUNDING = 1e-9;

/** With commas between thousands, a fraction, an exponent; not as part of a word such as `v2`. */
const NUMBER =
  /(?<![\p{L}\p{N}_.,])[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d{1,3})?(?![\p{L}\p{N}_])/giu;

function onlyNumber(text: string): number | null {
  const found = new Set(
    Array.from(text.matchAll(NUMBER), ([match]) =>
      Number(match.replaceAll(",", "").replace("−", "-")),
    ),
  );
  const [only] = found;
  return found.size === 1 && only !== undefined && Number.isFinite(only) ? only : null;
}
