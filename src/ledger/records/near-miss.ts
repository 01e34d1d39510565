/**
 * Near misses lie at most this below the threshold: two rungs of 0.05, the step in which models
 * state confidence.
 */
const NEAR_MISS_WIDTH = 0.1;

/**
 * The lowest confidence (0–1) that still is a near miss. The router lets some of these triages run to
 * their end; whoever reads the evidence has to draw the same line. Below a threshold that never ships
 * it is that of 1: else the way back would be closed to models that state 0.9 at most.
 */
export function nearMissFloor(threshold: number): number {
  // 0.8 - 0.1 is a hair above 0.7, which is a near miss of 0.8.
  return Math.round((Math.min(threshold, 1) - NEAR_MISS_WIDTH) * 1e9) / 1e9;
}
