import { expect, test } from "vitest";
import { rungsOf, statedCounts } from "./rungs.ts";

const of = { tier: 0, model: "haiku", promptHash: "p" };
const counted = (confidence: number | null, triages: number, changes = {}) => ({
  ...of,
  failureCode: null,
  confidence,
  triages,
  ...changes,
});

test("rungs are the values that occur, and above them the one that never ships", () => {
  const counts = [counted(0.9, 500), counted(0.8, 300), counted(0.9, 100), counted(null, 40)];
  expect(rungsOf(statedCounts(counts, of), 1.01)).toEqual([0.8, 0.9, 1.01]);
});

test("rare values and those of others are none", () => {
  const counts = [
    counted(0.9, 995),
    counted(0.87, 4),
    counted(0.7, 900, { model: "other" }),
    counted(0.6, 900, { promptHash: "q" }),
    counted(0.5, 900, { tier: 1 }),
  ];
  expect(rungsOf(statedCounts(counts, of), 1.01)).toEqual([0.9, 1.01]);
  expect(rungsOf([], 1.01)).toEqual([1.01]);
});
