import { expect, test } from "vitest";
import { calibrationDiagram } from "./calibration-diagram.ts";
import { EXAMPLE_ATOMS } from "./calibration.fixture.ts";

test("a bar per stated confidence, with its exact interval", () => {
  const bars = calibrationDiagram(EXAMPLE_ATOMS.toReversed(), 25);
  expect(bars.map(({ confidence, accuracy, isSmall }) => [confidence, accuracy, isSmall])).toEqual([
    [0.6, 0.45, true],
    [0.8, 0.75, false],
    [0.85, 0.825, false],
    [0.9, 0.92, false],
    [0.95, 1, false],
  ]);
  const ends = [
    [0.2305778967759241, 0.6847218669594515],
    [0.6214036445204557, 0.8528139262009964],
    [0.6722098666384142, 0.9266172706479148],
    [0.8076572164040372, 0.9777720363450703],
    [0.8842966917779722, 1],
  ];
  ends.forEach(([low, high], index) => {
    expect(bars[index]?.interval.low).toBeCloseTo(low ?? -1, 10);
    expect(bars[index]?.interval.high).toBeCloseTo(high ?? -1, 10);
  });
});

test("a confidence without rows has no bar", () => {
  expect(calibrationDiagram([{ confidence: 0.5, rows: 0, wrong: 0 }])).toEqual([]);
});
