import fc from "fast-check";
import { expect, test } from "vitest";
import { atomsOf } from "./atom.ts";
import { candidatesOf, candidatesWithTraffic } from "./candidate.ts";
import { certifyJoint } from "./certify-joint.ts";
import { certifyInSequence } from "./certify-selective.ts";
import { repeatablePValues } from "./p-value-source.ts";
import { splitCandidatesOf, type DrawnRow } from "./split-candidates.ts";

const target = { atMost: 0.05, failureProbability: 0.05 };

/** 200 rows at .9 without an error, 400 at .8 of which every eighth is wrong; draws spread evenly. */
const ROWS: readonly DrawnRow[] = Array.from({ length: 600 }, (_, i) => ({
  confidence: i < 200 ? 0.9 : 0.8,
  isWrong: i >= 200 && i % 8 === 0,
  draw: (i % 50) / 50,
}));

test("puts parts of an atom between its stricter neighbour and all of it", () => {
  expect(splitCandidatesOf(ROWS, [0.5, 0.1])).toEqual([
    { threshold: 0.9, marginalShare: 0.1, hits: 0, trials: 20 },
    { threshold: 0.9, marginalShare: 0.5, hits: 0, trials: 100 },
    { threshold: 0.9, hits: 0, trials: 200 },
    { threshold: 0.8, marginalShare: 0.1, hits: 6, trials: 240 },
    { threshold: 0.8, marginalShare: 0.5, hits: 26, trials: 400 },
    { threshold: 0.8, hits: 50, trials: 600 },
  ]);
});

test("the loosest certified part is what ships", () => {
  const candidates = splitCandidatesOf(ROWS, [0.1, 0.5]);
  // The very first has too few rows for a fixed sequence to start from.
  const certification = certifyInSequence(candidates.slice(1), target);
  expect(certification).toMatchObject({ threshold: 0.8, marginalShare: 0.1 });
  expect(certification.certified).toEqual([0.9, 0.9, 0.8]);
  expect(certifyJoint(candidates, target)).toMatchObject({ threshold: 0.8, marginalShare: 0.1 });
  expect(certifyInSequence([], target)).toMatchObject({ threshold: null, marginalShare: 1 });
});

test("looks before at another part of the same atom prove nothing for this one", () => {
  const [, , all, part] = splitCandidatesOf(ROWS, [0.1, 0.5]);
  if (all === undefined || part === undefined) throw new Error("missing");
  const earlier = [{ ...all, threshold: 0.8, p: 1e-9 }];
  const pValues = repeatablePValues(earlier);
  expect(pValues.pValue({ ...all, threshold: 0.8 }, 0.05)).toBe(1e-9);
  expect(pValues.pValue(part, 0.05)).toBeGreaterThan(1e-3);
});

test("traffic counts a part of an atom in part", () => {
  const traffic = [
    { confidence: 0.9, rows: 100 },
    { confidence: 0.8, rows: 200 },
  ];
  // 1.25 · 59 labels of 150 are wanted: more than half of the strictest third and a bit.
  const kept = candidatesWithTraffic(splitCandidatesOf(ROWS, [0.1, 0.5]), traffic, 150, target);
  expect(kept.map(({ threshold, marginalShare }) => [threshold, marginalShare])).toEqual([
    [0.8, 0.5],
    [0.8, undefined],
  ]);
});

test("without shares it is the atoms, and counts never fall", () => {
  const row = fc.record({
    confidence: fc.constantFrom(0.6, 0.8, 0.9),
    isWrong: fc.boolean(),
    draw: fc.double({ min: 0, max: 0.999, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      expect(splitCandidatesOf(rows, [])).toEqual(candidatesOf(atomsOf(rows)));
      const candidates = splitCandidatesOf(rows, [0.3, 0.7]);
      for (const [i, { hits, trials }] of candidates.entries()) {
        expect(hits).toBeGreaterThanOrEqual(candidates[i - 1]?.hits ?? 0);
        expect(trials).toBeGreaterThanOrEqual(candidates[i - 1]?.trials ?? 0);
      }
    }),
  );
});

test("refuses draws and shares that are none", () => {
  const refusal = expect.objectContaining({ code: "statistics_argument" });
  expect(() => splitCandidatesOf(ROWS, [1])).toThrow(refusal);
  expect(() => splitCandidatesOf(ROWS, [0.5, 0.5])).toThrow(refusal);
  expect(() => splitCandidatesOf([{ confidence: 1, isWrong: false, draw: 2 }], [])).toThrow(
    refusal,
  );
});
