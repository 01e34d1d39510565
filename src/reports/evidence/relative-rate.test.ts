import { expect, test } from "vitest";
import type { EvidenceCount, Outcome } from "../../ledger/records/evidence.ts";
import { exampleCount, humanSays } from "./evidence-count.fixture.ts";
import { relativeRate } from "./relative-rate.ts";

function graded(items: number, cheap: Outcome, deep: Outcome, confidence = 0.9): EvidenceCount {
  return exampleCount(items, { confidence, cheap: humanSays(cheap), deep: humanSays(deep) });
}

const DECIDED = [
  graded(80, "right", "right"),
  graded(6, "wrong", "right"),
  graded(4, "right", "wrong"),
];

test("what is undecided is read as it would be if the worse, or for breaking it the better, held", () => {
  const open = [graded(5, "disputed", "right"), graded(5, "wrong", "cannot_tell")];
  const { upperBound, lowerBound, graded: rows } = relativeRate([...DECIDED, ...open], 0.8, 0.05);
  const worst = [graded(5, "wrong", "right"), graded(5, "wrong", "right")];
  const best = [graded(5, "right", "right"), graded(5, "wrong", "wrong")];
  expect(rows).toBe(100);
  expect(upperBound).toBeGreaterThanOrEqual(
    relativeRate([...DECIDED, ...worst], 0.8, 0.05).upperBound ?? 1,
  );
  expect(lowerBound).toBeLessThanOrEqual(
    relativeRate([...DECIDED, ...best], 0.8, 0.05).lowerBound ?? 0,
  );
});

test("what does not ship costs nothing, undecided or not", () => {
  const below = [graded(20, "wrong", "right", 0.5), graded(20, "disputed", "right", 0.5)];
  const { upperBound } = relativeRate([...DECIDED, ...below], 0.8, 0.05);
  const { upperBound: same } = relativeRate(
    [...DECIDED, graded(40, "right", "right", 0.5)],
    0.8,
    0.05,
  );
  expect(upperBound).toBe(same);
});
