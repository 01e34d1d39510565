import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import type { Atom } from "./atom.ts";
import { binomialProbability } from "./binomial-distribution.ts";
import { anyAtoms, EXAMPLE_ATOMS } from "./calibration.fixture.ts";
import { calibrationError } from "./calibration-error.ts";

describe("calibrationError", () => {
  test("the example's error is hardly above what chance shows", () => {
    const calibration = calibrationError(EXAMPLE_ATOMS, createRandom("ece"));
    expect(calibration?.error).toBeCloseTo(0.0475, 12);
    expect(calibration?.noiseFloor).toBeCloseTo(0.043014541679252935, 12);
    expect(calibration?.interval.low).toBe(0);
    expect(calibration?.interval.high).toBeGreaterThan(0.0475);
    expect(calibration?.interval.high).toBeLessThan(0.1);
    expect(calibration?.isIntervalApproximate).toBe(true);
  });

  test("an error far beyond chance keeps its interval off 0", () => {
    const atoms = [{ confidence: 0.95, rows: 1_000, wrong: 300 }];
    const calibration = calibrationError(atoms, createRandom("far"));
    expect(calibration?.error).toBeCloseTo(0.25, 12);
    // One atom: the interval is that of a share, 0.25 ± 1.96 × 0.0145.
    expect(calibration?.interval.low).toBeCloseTo(0.2216, 2);
    expect(calibration?.interval.high).toBeCloseTo(0.2784, 2);
  });

  test("the noise floor is the mean error of a calibrated confidence", () => {
    fc.assert(
      fc.property(anyAtoms, (atoms) => {
        const rows = atoms.reduce((sum, atom) => sum + atom.rows, 0);
        const calibration = calibrationError(atoms, createRandom("floor"), 2);
        if (calibration === null) return;
        const floor = atoms.reduce((sum, atom) => sum + slowDeviation(atom) / rows, 0);
        expect(calibration.noiseFloor).toBeCloseTo(floor, 10);
      }),
    );
  });

  test("equal seeds give equal intervals, and no rows none", () => {
    const twice = [1, 2].map(() => calibrationError(EXAMPLE_ATOMS, createRandom("same"), 50));
    expect(twice[0]).toEqual(twice[1]);
    expect(calibrationError([], createRandom("none"))).toBeNull();
  });

  test("covers a true error of a known world in most samples", () => {
    // 0.8 is right 7 times in 10 and 0.95 9 times in 10: a true error of 0.075.
    const random = createRandom("coverage");
    const wrongOf = (rows: number, share: number): number =>
      Array.from({ length: rows }, random).filter((draw) => draw < share).length;
    let covered = 0;
    for (let i = 0; i < 200; i += 1) {
      const atoms = [
        { confidence: 0.8, rows: 100, wrong: wrongOf(100, 0.3) },
        { confidence: 0.95, rows: 100, wrong: wrongOf(100, 0.1) },
      ];
      const { low, high } = calibrationError(atoms, random, 200)?.interval ?? { low: 1, high: 0 };
      if (low <= 0.075 && 0.075 <= high) covered += 1;
    }
    expect(covered).toBeGreaterThanOrEqual(170);
  });
});

/** E|right answers - rows × confidence|, by adding up every possible number. */
function slowDeviation({ confidence, rows }: Atom): number {
  let sum = 0;
  for (let right = 0; right <= rows; right += 1) {
    sum += binomialProbability(right, rows, confidence) * Math.abs(right - rows * confidence);
  }
  return sum;
}
