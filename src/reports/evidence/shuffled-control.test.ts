import { expect, test } from "vitest";
import { exampleCount, humanSays } from "./evidence-count.fixture.ts";
import { describeShuffled } from "./shuffled-control.ts";

const both = (
  items: number,
  confidence: number,
  cheap: "right" | "wrong",
  deep: "right" | "wrong",
  propensity = 1,
) =>
  exampleCount(items, {
    confidence,
    propensity,
    cheap: humanSays(cheap),
    deep: humanSays(deep),
  });

const SORTED = [
  both(590, 0.9, "right", "right"),
  both(10, 0.9, "wrong", "right"),
  both(200, 0.5, "right", "right"),
  both(180, 0.5, "wrong", "right"),
  both(20, 0.5, "wrong", "wrong"),
];

test("a confidence that sorts beats lots at the same cost", () => {
  const { graded, shipShare, cascade, shuffled, gain } = describeShuffled(SORTED, 0.8);
  expect([graded, shipShare]).toEqual([1_000, 0.6]);
  // Shipped 590 right, escalated 380 right by the deep model.
  expect(cascade?.mean).toBeCloseTo(0.97, 12);
  // 0.6 of 790 right by the cheap model and 0.4 of 980 by the deep one.
  expect(shuffled?.mean).toBeCloseTo(0.6 * 0.79 + 0.4 * 0.98, 12);
  expect(gain?.mean).toBeCloseTo(0.97 - 0.866, 12);
  expect(gain?.interval.low).toBeGreaterThan(0.05);
});

test("one confidence for all is worth nothing", () => {
  const flat = SORTED.map((count) => ({ ...count, key: { ...count.key, confidence: 0.9 } }));
  expect(describeShuffled(flat, 0.8).gain?.mean).toBeCloseTo(0, 12);
});

test("what cannot ship goes deep either way, without a grade of its cheap answer", () => {
  const refused = exampleCount(500, { cheapMissing: "triage_refused", deep: humanSays("right") });
  const { graded, shipShare, gain } = describeShuffled([...SORTED, refused], 0.8);
  expect([graded, shipShare]).toEqual([1_500, 0.4]);
  expect(gain?.mean).toBeCloseTo((0.97 - 0.866) / 1.5, 12);
});

test("leaves out what was drawn in live, and is not known yet below thirty items", () => {
  const live = SORTED.map((count) => ({
    ...count,
    key: { ...count.key, decision: "shipped" as const },
  }));
  expect(describeShuffled(live, 0.8)).toMatchObject({ graded: 0, cascade: null, gain: null });
  const few = [both(29, 0.9, "right", "right")];
  expect(describeShuffled(few, 0.8)).toMatchObject({ graded: 29, shipShare: null, shuffled: null });
});
