import fc from "fast-check";
import type { SampledGroup } from "./sampled-group.ts";

/** Grades of four confidences, those near the threshold sampled more. */
export const EXAMPLE_GROUPS: readonly SampledGroup[] = [
  { propensity: 0.03, trials: 60, hits: 7 },
  { propensity: 0.015, trials: 42, hits: 3 },
  { propensity: 0.006, trials: 19, hits: 1 },
  { propensity: 0.004, trials: 8, hits: 0 },
];

export const anyGroups: fc.Arbitrary<readonly SampledGroup[]> = fc.array(
  fc
    .record({
      propensity: fc.double({ min: 0.001, max: 1, noNaN: true }),
      trials: fc.integer({ min: 1, max: 100 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ propensity, trials, share }) => ({
      propensity,
      trials,
      hits: Math.round(trials * share),
    })),
  { minLength: 1, maxLength: 6 },
);

/** Every row a group of its own. */
export function singleRows(groups: readonly SampledGroup[]): readonly SampledGroup[] {
  return groups.flatMap(({ propensity, trials, hits }) =>
    Array.from({ length: trials }, (_, i) => ({ propensity, trials: 1, hits: i < hits ? 1 : 0 })),
  );
}
