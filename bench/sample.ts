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
 * Two standard errors of the median of repeated rounds, from their standard deviation: what a figure
 * may be off by because the machine was doing something else.
 */
export function noiseOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return (2 * 1.2533 * Math.sqrt(squares / (values.length - 1))) / Math.sqrt(values.length);
}

/** Half of the interval between the values that lie two standard errors of the rank below and above. */
export function noiseOfQuantile(values: readonly number[], p: number): number {
  const error = Math.sqrt((p * (1 - p)) / values.length);
  return (quantile(values, p + 2 * error) - quantile(values, p - 2 * error)) / 2;
}
