/** One measured figure and its limit. */
export interface ScaleFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: "rows/s" | "s" | "ms" | "MiB";
  /** What is allowed; a bare floor has none. */
  readonly limit: { readonly direction: "at least" | "at most"; readonly value: number } | null;
  /** What it was measured over, or compares with. */
  readonly detail: string;
}

export function isMissed({ value, limit }: ScaleFigure): boolean {
  if (limit === null) return false;
  return limit.direction === "at least" ? value < limit.value : value > limit.value;
}

export function renderScaleFigure(figure: ScaleFigure): string {
  const { name, value, unit, limit, detail } = figure;
  const measured = `${value.toFixed(DIGITS[unit])} ${unit}`.padStart(16);
  const verdict =
    limit === null
      ? "floor"
      : `limit ${limit.direction} ${String(limit.value)}   ${isMissed(figure) ? "MISSED" : "ok"}`;
  return `${name.padEnd(44)} ${measured}   ${verdict}\n    ${detail}`;
}

const DIGITS = { "rows/s": 0, s: 2, ms: 1, MiB: 0 } as const;
