import type { Random } from "../support/random.ts";
import type { Atom } from "./atom.ts";
import { binomialProbability } from "./binomial-distribution.ts";
import { drawBinomial } from "./binomial-draw.ts";
import { percentile } from "./bootstrap.ts";
import { NORMAL_DEVIATE_95 } from "./normal-interval.ts";
import type { ShareInterval } from "./wilson-interval.ts";

/** Mean distance of confidence and accuracy, beside what chance alone makes of it. */
export interface CalibrationError {
  /** Σ share of rows × |accuracy - confidence| over atoms (ECE), 0–1. */
  readonly error: number;
  /** What a perfectly calibrated confidence would show on as many rows. Print it beside `error`. */
  readonly noiseFloor: number;
  /** At about 95 %; see `calibrationError`. */
  readonly interval: ShareInterval;
  readonly isIntervalApproximate: true;
}

/**
 * Expected calibration error over atoms with its noise floor and an approximate interval.
 *
 * The error is biased upwards: at 200 rows a perfect confidence shows about 0.05. The usual bootstrap
 * interval covers almost never there; this one takes the bias off first, puts the low end at 0 unless
 * the error is beyond chance, and covers about 87–95 %. It is our own mixture, not a proven method,
 * which is why it is marked. Takes time in proportion to draws × the root of the rows.
 *
 * Error over bins: M. P. Naeini, G. F. Cooper and M. Hauskrecht, "Obtaining Well Calibrated
 * Probabilities Using Bayesian Binning", AAAI 2015. The bias: A. Kumar, P. Liang and T. Ma, "Verified
 * Uncertainty Calibration", 2019 (arXiv 1909.10155).
 *
 * @param random for the bootstrap; equal streams give equal intervals
 * @returns null without rows
 */
export function calibrationError(
  atoms: readonly Atom[],
  random: Random,
  draws = 1_000,
): CalibrationError | null {
  const rows = atoms.reduce((sum, atom) => sum + atom.rows, 0);
  if (rows === 0) return null;
  const error = errorOf(atoms);
  const noiseFloor = atoms.reduce((sum, atom) => sum + expectedDeviation(atom) / rows, 0);
  const interval = hybridInterval(atoms, error, random, draws);
  return { error, noiseFloor, interval, isIntervalApproximate: true };
}

function errorOf(atoms: readonly Atom[]): number {
  let rows = 0;
  let sum = 0;
  for (const atom of atoms) {
    rows += atom.rows;
    sum += Math.abs(atom.rows - atom.wrong - atom.rows * atom.confidence);
  }
  return sum / rows;
}

/**
 * E|right answers - expected right answers| of a calibrated atom. By De Moivre's closed form, so that
 * a million rows cost no more than ten: 2·k·(1 - c)·P(right = k), k the first whole number above n·c.
 *
 * P. Diaconis and S. Zabell, "Closed Form Summation for Classical Distributions: Variations on a
 * Theme of De Moivre", Statistical Science 6 (1991), 284–302.
 */
function expectedDeviation({ confidence, rows }: Atom): number {
  const above = Math.floor(rows * confidence) + 1;
  if (above > rows) return 0;
  return 2 * above * (1 - confidence) * binomialProbability(above, rows, confidence);
}

function hybridInterval(
  atoms: readonly Atom[],
  error: number,
  random: Random,
  draws: number,
): ShareInterval {
  const errors: number[] = [];
  const calibrated: number[] = [];
  for (let i = 0; i < draws; i += 1) {
    errors.push(errorOf(resampled(atoms, random)));
    calibrated.push(errorOf(atoms.map((atom) => calibratedDraw(atom, random))));
  }
  const mean = errors.reduce((sum, value) => sum + value, 0) / draws;
  const squares = errors.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const reach = NORMAL_DEVIATE_95 * Math.sqrt(squares / Math.max(1, draws - 1));
  const unbiased = Math.max(0, 2 * error - mean);
  const isBeyondChance =
    error >
    percentile(
      calibrated.toSorted((a, b) => a - b),
      0.95,
    );
  return {
    low: isBeyondChance ? Math.max(0, unbiased - reach) : 0,
    high: Math.min(1, Math.max(unbiased + reach, error)),
  };
}

/** As many wrong answers as a calibrated atom of this size would have. */
function calibratedDraw({ confidence, rows }: Atom, random: Random): Atom {
  return { confidence, rows, wrong: drawBinomial(rows, 1 - confidence, random) };
}

/** A table of as many rows, each drawn from the ones that there are. */
function resampled(atoms: readonly Atom[], random: Random): readonly Atom[] {
  let open = atoms.reduce((sum, { rows }) => sum + rows, 0);
  let toDraw = open;
  return atoms.map(({ confidence, rows, wrong }) => {
    const drawn = open === 0 ? 0 : drawBinomial(toDraw, rows / open, random);
    open -= rows;
    toDraw -= drawn;
    const share = rows === 0 ? 0 : wrong / rows;
    return { confidence, rows: drawn, wrong: drawBinomial(drawn, share, random) };
  });
}
