/** One measured figure and what it may be at the most. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** What the value may be off by; see `noiseOf`. */
  readonly noise: number;
  readonly limit: number;
  readonly unit: string;
  /** The parts it was made of, for the reader. */
  readonly detail: string;
}

/** Missed by more than its noise. */
export function isMissed({ value, noise, limit }: Figure): boolean {
  return !(value - noise <= limit);
}

export function renderFigure(figure: Figure): string {
  const { name, value, noise, limit, unit, detail } = figure;
  const verdict = isMissed(figure) ? "MISSED" : value <= limit ? "ok" : "ok within noise";
  const measured = `${value.toFixed(2)} ± ${noise.toFixed(2)} ${unit}`;
  return `${name.padEnd(52)} ${measured.padStart(20)}   limit ${limit.toFixed(2)}   ${verdict}\n    ${detail}`;
}
