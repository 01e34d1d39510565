import { expect, test } from "vitest";
import { benefitLift } from "./benefit-lift.ts";

const CHEAP = { cost: 0.002, quality: 0.7 };
const DEEP = { cost: 0.03, quality: 0.9 };

test("the example gains more than twice as much per dollar", () => {
  expect(benefitLift(CHEAP, { cost: 0.008, quality: 0.8 }, DEEP)).toBeCloseTo(
    1.3333333333333346,
    12,
  );
});

test("mixing at random has no lift, wasting money a negative one", () => {
  expect(benefitLift(CHEAP, { cost: 0.016, quality: 0.8 }, DEEP)).toBeCloseTo(0, 12);
  expect(benefitLift(CHEAP, { cost: 0.016, quality: 0.7 }, DEEP)).toBe(-1);
});

test.each([
  [
    "the last tier is no better",
    CHEAP,
    { cost: 0.008, quality: 0.7 },
    { cost: 0.03, quality: 0.7 },
  ],
  [
    "the last tier is no dearer",
    CHEAP,
    { cost: 0.008, quality: 0.8 },
    { cost: 0.002, quality: 0.9 },
  ],
  ["the cascade costs no more than the cheap tier", CHEAP, CHEAP, DEEP],
])("says nothing when %s", (_, cheap, cascade, deep) => {
  expect(benefitLift(cheap, cascade, deep)).toBeNull();
});
