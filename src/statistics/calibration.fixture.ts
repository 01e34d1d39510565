import fc from "fast-check";
import type { Atom } from "./atom.ts";

/** Two hundred answers as models state confidence: five round values, most too high. */
export const EXAMPLE_ATOMS: readonly Atom[] = [
  { confidence: 0.6, rows: 20, wrong: 11 },
  { confidence: 0.8, rows: 60, wrong: 15 },
  { confidence: 0.85, rows: 40, wrong: 7 },
  { confidence: 0.9, rows: 50, wrong: 4 },
  { confidence: 0.95, rows: 30, wrong: 0 },
];

/** Tables with atoms in any order, empty ones among them, and no confidence twice. */
export const anyAtoms: fc.Arbitrary<readonly Atom[]> = fc.uniqueArray(
  fc
    .record({
      confidence: fc.integer({ min: 0, max: 20 }),
      rows: fc.nat(60),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ confidence, rows, share }) => ({
      confidence: confidence / 20,
      rows,
      wrong: Math.round(rows * share),
    })),
  { selector: ({ confidence }) => confidence, maxLength: 8 },
);
