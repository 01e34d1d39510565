import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyAtoms, EXAMPLE_ATOMS } from "./calibration.fixture.ts";
import { riskCoverage } from "./risk-coverage.ts";

describe("riskCoverage", () => {
  test("the example's areas", () => {
    const curve = riskCoverage(EXAMPLE_ATOMS);
    expect(curve?.area).toBeCloseTo(0.0764417198590194, 12);
    expect(curve?.tieRange.best).toBeCloseTo(0.05087450670355697, 12);
    expect(curve?.tieRange.worst).toBeCloseTo(0.10566180829953478, 12);
    expect(curve?.oracleArea).toBeCloseTo(0.018739401605685477, 12);
    expect(curve?.excessArea).toBeCloseTo(0.057702318253333926, 12);
    expect(curve?.jointArea).toBeCloseTo(0.0539625, 12);
  });

  test("only whole atoms can be shipped, strictest first", () => {
    const points = riskCoverage(EXAMPLE_ATOMS)?.points.map(({ threshold, coverage, risk }) => [
      threshold,
      coverage,
      risk,
    ]);
    const expected = [
      [0.95, 0.15, 0],
      [0.9, 0.4, 0.05],
      [0.85, 0.6, 0.09166666666666666],
      [0.8, 0.9, 0.14444444444444443],
      [0.6, 1, 0.185],
    ];
    expect(points).toEqual(expected);
  });

  test("ties lie between their best and worst order, and no order beats the oracle", () => {
    fc.assert(
      fc.property(anyAtoms, (atoms) => {
        const curve = riskCoverage(atoms);
        if (curve === null) return;
        const { area, tieRange, oracleArea, jointArea } = curve;
        expect(tieRange.best).toBeLessThanOrEqual(area + 1e-12);
        expect(area).toBeLessThanOrEqual(tieRange.worst + 1e-12);
        expect(oracleArea).toBeLessThanOrEqual(tieRange.best + 1e-12);
        expect(jointArea).toBeLessThanOrEqual(area + 1e-12);
      }),
    );
  });

  test("does not depend on the order of atoms", () => {
    fc.assert(
      fc.property(anyAtoms, (atoms) => {
        expect(riskCoverage(atoms.toReversed())).toEqual(riskCoverage(atoms));
      }),
    );
  });
});
