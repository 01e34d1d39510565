import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atomsOf, type Atom } from "./atom.ts";
import { candidatesOf, candidatesWithTraffic } from "./candidate.ts";
import type { Certification } from "./certification.ts";
import { certifyJoint, certifyOnAverage } from "./certify-joint.ts";
import { certifyByBonferroni, certifyByFallback, certifyInSequence } from "./certify-selective.ts";
import { geometricWeights } from "./fallback-procedure.ts";
import { repeatablePValues } from "./p-value-source.ts";
import {
  certifyByHoeffding,
  chooseByHoeffdingSweep,
  chooseByObservedRate,
  hindsightThreshold,
  hoeffdingBentkusPValue,
} from "./uncertified-thresholds.ts";

const ATOMS: readonly Atom[] = [
  { confidence: 0.7, rows: 40, wrong: 14 },
  { confidence: 0.8, rows: 90, wrong: 11 },
  { confidence: 0.85, rows: 140, wrong: 7 },
  { confidence: 0.9, rows: 210, wrong: 6 },
  { confidence: 0.95, rows: 120, wrong: 1 },
];
const candidates = candidatesOf(ATOMS);
const target = { atMost: 0.05, failureProbability: 0.05 };
const repeatable = { ...target, pValues: repeatablePValues() };

describe("the rules on one table", () => {
  test.each<[string, Certification, number | null]>([
    ["fallback", certifyByFallback(candidates, target), 0.85],
    ["fallback by halves", certifyByFallback(candidates, target, geometricWeights(5, 0.5)), 0.85],
    ["fixed sequence", certifyInSequence(candidates, target), 0.85],
    ["Bonferroni", certifyByBonferroni(candidates, target), 0.9],
    ["fixed sequence of repeatable looks", certifyInSequence(candidates, repeatable), null],
    ["Hoeffding", certifyByHoeffding(candidates, target), null],
    ["observed rate", chooseByObservedRate(candidates, 0.05), 0.8],
    ["joint", certifyJoint(candidates, target), 0.85],
    ["joint on average", certifyOnAverage(candidates, 0.05), 0.8],
  ])("%s", (_rule, { threshold, certified }, expected) => {
    expect(threshold).toBe(expected);
    expect(certified.at(-1) ?? null).toBe(expected);
  });

  test("carry the numbers they decided by", () => {
    const exact = certifyByFallback(candidates, target).candidates;
    expect(exact.map(({ hits, trials }) => [hits, trials])).toEqual([
      [1, 120],
      [7, 330],
      [14, 470],
      [25, 560],
      [39, 600],
    ]);
    const p = [0.01552722455995, 0.00635584693737681, 0.0222629975383908, 0.322003029355661];
    expectNear(exact, "p", [...p, 0.957953535416196]);
    expectNear(exact, "upperBound", [
      ...[0.0389208468601685, 0.039472161957707, 0.046175800874888],
      ...[0.0617955491909166, 0.0840471780127698],
    ]);
    expectNear(certifyJoint(candidates, target).candidates, "upperBound", [
      ...[0.00788181646357488, 0.0218013413530412, 0.0362375062695339],
      ...[0.0577105075484258, 0.0840471780127698],
    ]);
    expectNear(certifyByHoeffding(candidates, target).candidates, "p", [
      ...[0.6592406302004437, 0.5787007948060185, 0.6811024434801757, 0.9683682338782931, 1],
    ]);
    // Against the two loosest thresholds the evidence is e^-1.03 and e^-2.53: below 1, so p is 1.
    const evidence = [2.4971158357459697, 2.720867730513767, 1.3973400953579826];
    expectNear(certifyInSequence(candidates, repeatable).candidates, "p", [
      ...evidence.map((log) => Math.exp(-log)),
      ...[1, 1],
    ]);
  });

  test("say what they promise", () => {
    expect(certifyByFallback(candidates, target).promise).toBe("selective");
    expect(certifyJoint(candidates, target).promise).toBe("joint");
    expect(certifyOnAverage(candidates, 0.05).promise).toBe("joint_on_average");
    expect(chooseByObservedRate(candidates, 0.05).promise).toBe("none");
  });

  test("escalate everything when there is nothing to certify", () => {
    for (const empty of [[], candidatesOf([{ confidence: 1, rows: 0, wrong: 0 }])]) {
      expect(certifyByFallback(empty, target).threshold).toBeNull();
      expect(certifyJoint(empty, target).threshold).toBeNull();
      expect(certifyByHoeffding(empty, target).threshold).toBeNull();
      expect(chooseByObservedRate(empty, 0.05).threshold).toBeNull();
    }
  });

  test("refuse nonsense", () => {
    const refusal = expect.objectContaining({ code: "statistics_argument" });
    expect(() => candidatesOf([{ confidence: 1, rows: 1, wrong: 2 }])).toThrow(refusal);
    expect(() => certifyByFallback(candidates, { ...target, atMost: NaN })).toThrow(refusal);
    expect(() => certifyByBonferroni([], { ...target, failureProbability: 2 })).toThrow(refusal);
    expect(() => certifyJoint(candidates.toReversed(), target)).toThrow(refusal);
    expect(() => certifyJoint(candidates, target, 100)).toThrow(refusal);
  });
});

describe("repeatable looks", () => {
  test("keep the best evidence of earlier looks", () => {
    const good = [{ threshold: 0.9, hits: 0, trials: 200 }];
    const worse = [{ threshold: 0.9, hits: 15, trials: 230 }];
    const first = certifyInSequence(good, repeatable);
    const pValues = repeatablePValues(first.candidates);
    expect(first.threshold).toBe(0.9);
    expect(certifyInSequence(worse, repeatable).threshold).toBeNull();
    expect(certifyInSequence(worse, { ...target, pValues }).threshold).toBe(0.9);
  });
});

describe("candidatesWithTraffic", () => {
  test("drops strict candidates by unlabelled traffic, never by labels", () => {
    const traffic = ATOMS.map(({ confidence }, i) => ({
      confidence,
      rows: [50, 20, 20, 8, 2][i] ?? 0,
    }));
    const kept = candidatesWithTraffic(candidates, traffic, 600, target);
    // 1.25 · 59 rows are wanted; 2 % of 600 are 12, 10 % are 60, 30 % are 180.
    expect(kept.map(({ threshold }) => threshold)).toEqual([0.85, 0.8, 0.7]);
    expect(() => candidatesWithTraffic(candidates, [], 600, target)).toThrow(
      expect.objectContaining({ code: "statistics_argument" }),
    );
  });
});

describe("hoeffdingBentkusPValue", () => {
  test.each([
    [39, 600, 1],
    [25, 560, 0.8392676111857599],
    [14, 470, 0.06051710165563493],
    [7, 330, 0.017276983234338194],
    [1, 120, 0.03628608835416509],
    [0, 0, 1],
  ])("of %d in %d", (hits, trials, expected) => {
    expect(hoeffdingBentkusPValue(hits, trials, 0.05)).toBeCloseTo(expected, 12);
  });

  test("is never below the exact p-value", () => {
    for (const { hits, trials, p } of certifyByFallback(candidates, target).candidates) {
      expect(hoeffdingBentkusPValue(hits, trials, 0.05)).toBeGreaterThanOrEqual(p ?? 1);
    }
  });
});

describe("chooseByHoeffdingSweep", () => {
  test("cuts inside a tie, and so ships rows that its bound has not seen", () => {
    const rows = [
      ...Array.from({ length: 2_000 }, () => ({ confidence: 0.9, isWrong: false })),
      ...Array.from({ length: 1_000 }, () => ({ confidence: 0.9, isWrong: true })),
    ];
    expect(chooseByHoeffdingSweep(rows, target)).toBe(0.9);
    expect(
      certifyByHoeffding([{ threshold: 0.9, hits: 1_000, trials: 3_000 }], target).threshold,
    ).toBeNull();
    expect(chooseByHoeffdingSweep([], target)).toBeNull();
  });
});

describe("hindsightThreshold", () => {
  test("is the loosest that keeps the target on the rows themselves", () => {
    expect(hindsightThreshold(ATOMS, 0.05)).toBe(0.8);
    expect(hindsightThreshold(ATOMS, 0.065)).toBe(0.7);
    expect(hindsightThreshold(ATOMS, 0)).toBeNull();
  });
});

describe("with the candidates held fixed", () => {
  const table = fc
    .array(
      fc.tuple(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0, max: 0.2, noNaN: true })),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    .map((parts) =>
      parts.map(([rows, rate], i) => ({
        confidence: 0.5 + i / 20,
        rows,
        wrong: Math.floor(rows * rate),
      })),
    );
  const rules: readonly ((atoms: readonly Atom[], atMost: number) => Certification)[] = [
    (atoms, atMost) => certifyByFallback(candidatesOf(atoms), { ...target, atMost }),
    (atoms, atMost) => certifyInSequence(candidatesOf(atoms), { ...repeatable, atMost }),
    (atoms, atMost) => certifyByBonferroni(candidatesOf(atoms), { ...target, atMost }),
    (atoms, atMost) => certifyJoint(candidatesOf(atoms), { ...target, atMost }),
    (atoms, atMost) => certifyOnAverage(candidatesOf(atoms), atMost),
  ];

  test("the order in which labels come, and in which halves are put together, changes nothing", () => {
    const row = fc.record({ confidence: fc.constantFrom(0.6, 0.8, 0.9), isWrong: fc.boolean() });
    fc.assert(
      fc.property(fc.array(row), fc.array(row), (one, other) => {
        const forth = candidatesOf(atomsOf([...one, ...other]));
        expect(candidatesOf(atomsOf([...other, ...one].toReversed()))).toEqual(forth);
      }),
    );
  });

  test("the outcome survives storage", () => {
    const result = certifyByFallback(candidates, target);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  test("a larger target never raises the threshold", () => {
    fc.assert(
      fc.property(table, fc.double({ min: 0.01, max: 0.2, noNaN: true }), (atoms, atMost) => {
        for (const rule of rules) {
          const strict = rule(atoms, atMost).threshold ?? Infinity;
          expect(rule(atoms, atMost * 1.3).threshold ?? Infinity).toBeLessThanOrEqual(strict);
        }
      }),
    );
  });

  test("an added error never lowers it", () => {
    fc.assert(
      fc.property(table, fc.nat({ max: 5 }), (atoms, at) => {
        const worse = atoms.map((atom, i) => {
          return i === at && atom.wrong < atom.rows ? { ...atom, wrong: atom.wrong + 1 } : atom;
        });
        for (const rule of rules) {
          const before = rule(atoms, 0.05).threshold ?? Infinity;
          expect(rule(worse, 0.05).threshold ?? Infinity).toBeGreaterThanOrEqual(before);
        }
      }),
    );
  });
});

function expectNear(
  tested: Certification["candidates"],
  member: "p" | "upperBound",
  expected: readonly number[],
): void {
  expect(tested).toHaveLength(expected.length);
  for (const [i, candidate] of tested.entries()) {
    expect(Math.abs((candidate[member] ?? NaN) / (expected[i] ?? NaN) - 1)).toBeLessThan(1e-12);
  }
}
