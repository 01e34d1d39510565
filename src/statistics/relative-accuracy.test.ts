import { describe, expect, test } from "vitest";
import {
  certifyRelative,
  logRelativeAccuracyEvidence,
  relativeCandidatesOf,
  relativeLossBound,
} from "./relative-accuracy.ts";

describe("logRelativeAccuracyEvidence", () => {
  test.each([
    [0, 0, 300, 3.3745709422493007],
    [3, 4, 500, 3.8581933010800626],
    [8, 10, 900, 6.4911660930361474],
    [20, 5, 900, -0.24090303919812683],
  ])("of %d harmed, %d helped, %d others", (harmed, helped, otherDeepRight, expected) => {
    const evidence = logRelativeAccuracyEvidence({ harmed, helped, otherDeepRight }, 0.02);
    expect(evidence).toBeCloseTo(expected, 12);
  });

  test("refuses nonsense", () => {
    for (const harmed of [-1, 0.5, NaN]) {
      expect(() =>
        logRelativeAccuracyEvidence({ harmed, helped: 0, otherDeepRight: 0 }, 0.02),
      ).toThrow(expect.objectContaining({ code: "statistics_argument" }));
    }
  });
});

describe("certifyRelative", () => {
  const rows = [
    ...several(400, { confidence: 0.9, isWrong: false, isDeepWrong: false }),
    ...several(4, { confidence: 0.9, isWrong: false, isDeepWrong: true }),
    ...several(2, { confidence: 0.9, isWrong: true, isDeepWrong: false }),
    ...several(80, { confidence: 0.6, isWrong: true, isDeepWrong: false }),
    ...several(100, { confidence: 0.6, isWrong: false, isDeepWrong: false }),
    ...several(10, { confidence: 0.6, isWrong: true, isDeepWrong: true }),
  ];

  test("counts what shipping would do", () => {
    expect(relativeCandidatesOf(rows, [1, 0.9, 0.5])).toEqual([
      { threshold: 1, shipped: 0, harmed: 0, helped: 0, otherDeepRight: 582 },
      { threshold: 0.9, shipped: 406, harmed: 2, helped: 4, otherDeepRight: 580 },
      { threshold: 0.5, shipped: 596, harmed: 82, helped: 4, otherDeepRight: 500 },
    ]);
  });

  test("certifies what keeps the deep model's accuracy and nothing else", () => {
    const target = { atMost: 0.02, failureProbability: 0.05 };
    const result = certifyRelative(relativeCandidatesOf(rows, [0.9, 0.6]), target);
    expect(result).toMatchObject({ promise: "relative", threshold: 0.9, certified: [0.9] });
    const [strict, loose] = result.candidates;
    expect(strict).toMatchObject({ hits: 2, trials: 406, isCertified: true });
    expect(strict?.upperBound).toBeLessThan(0.02);
    expect(loose?.upperBound).toBeGreaterThan(0.1);
  });

  test("bounds the loss where the evidence just refutes it", () => {
    const effects = { harmed: 2, helped: 4, otherDeepRight: 580 };
    const bound = relativeLossBound(effects, 0.05);
    expect(logRelativeAccuracyEvidence(effects, bound)).toBeCloseTo(Math.log(20), 9);
    expect(relativeLossBound({ harmed: 0, helped: 0, otherDeepRight: 0 }, 0.05)).toBe(1);
  });
});

function several<T>(count: number, row: T): readonly T[] {
  return Array.from({ length: count }, () => row);
}
