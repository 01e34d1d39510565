/** Below a certified threshold more ships than the certificate's coverage says. */
export interface StricterBelow {
  /** The threshold at which the coverage was certified. */
  readonly threshold: number;
  /** What a rung below it has to keep: the promise itself, which holds at any coverage. */
  readonly atMost: number;
}

/**
 * Share of what ships at a looser rung that may be wrong. A promise over all requests allows its rate
 * divided by the share that ships. The share that was certified holds for thresholds down to the
 * certified one; below it more ships, so that as many wrong among what ships would be too many of all.
 */
export function loweringLimit(
  { atMost, below = null }: { readonly atMost: number; readonly below?: StricterBelow | null },
  rung: number | null,
): number {
  return below !== null && rung !== null && rung < below.threshold ? below.atMost : atMost;
}
