/** Value below which the share `p` (0–1) of the values lies; nearest rank. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1));
  return sorted[rank] ?? NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * Two standard errors of the median of repeated rounds, from their median absolute deviation: what
 * a figure may be off by because the machine was doing something else.
 */
export function noiseOf(values: readonly number[]): number {
  const centre = median(values);
  const deviation = median(values.map((value) => Math.abs(value - centre)));
  return (2 * 1.2533 * 1.4826 * deviation) / Math.sqrt(values.length);
}
