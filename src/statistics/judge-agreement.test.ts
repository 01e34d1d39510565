import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeAgreement } from "./judge-agreement.ts";
import { EXAMPLE_SAMPLE } from "./judged-sample.fixture.ts";

describe("judgeAgreement", () => {
  test("191 of 200 alike, though chance alone gives 179.8", () => {
    const agreement = judgeAgreement(EXAMPLE_SAMPLE.checked);
    expect(agreement?.share).toBe(0.955);
    // By chance 0.065 × 0.04 + 0.935 × 0.96 = 0.9002.
    expect(agreement?.kappa).toBeCloseTo((0.955 - 0.9002) / (1 - 0.9002), 12);
  });

  test("kappa of 0.4 in fifty rows, with its large-sample error", () => {
    const agreement = judgeAgreement({ bothWrong: 20, falseAlarm: 5, missed: 10, bothRight: 15 });
    expect(agreement?.kappa).toBeCloseTo(0.4, 12);
    // 0.126996 by the delta method with numerical derivatives.
    const { low, high } = agreement?.kappaInterval ?? { low: 0, high: 0 };
    expect((high - low) / 2 / 1.959963984540054).toBeCloseTo(0.126996, 5);
  });

  test("full agreement is 1 and certain, opposite verdicts -1", () => {
    const same = judgeAgreement({ bothWrong: 10, falseAlarm: 0, missed: 0, bothRight: 10 });
    expect(same).toMatchObject({ kappa: 1, kappaInterval: { low: 1, high: 1 } });
    const opposite = judgeAgreement({ bothWrong: 0, falseAlarm: 10, missed: 10, bothRight: 0 });
    expect(opposite?.kappa).toBe(-1);
  });

  test("one verdict only: all alike, and nothing agreed upon", () => {
    const agreement = judgeAgreement({ bothWrong: 0, falseAlarm: 0, missed: 0, bothRight: 40 });
    expect(agreement).toMatchObject({ share: 1, kappa: null, kappaInterval: null });
    const none = { bothWrong: 0, falseAlarm: 0, missed: 0, bothRight: 0 };
    expect(judgeAgreement(none)).toBeNull();
  });

  test("without variance the interval is the point, free of what rounding leaves", () => {
    const agreement = judgeAgreement({ bothWrong: 55, falseAlarm: 98, missed: 0, bothRight: 0 });
    expect(agreement?.kappaInterval).toEqual({ low: agreement?.kappa, high: agreement?.kappa });
    expect(agreement?.kappa).toBeCloseTo(0, 15);
  });

  test("judge and human may change places", () => {
    const count = fc.nat(100);
    const cells = fc.record({
      bothWrong: count,
      falseAlarm: count,
      missed: count,
      bothRight: count,
    });
    fc.assert(
      fc.property(cells, (counts) => {
        const swapped = { ...counts, falseAlarm: counts.missed, missed: counts.falseAlarm };
        const [one, other] = [judgeAgreement(counts), judgeAgreement(swapped)];
        expect(other?.kappa ?? 0).toBeCloseTo(one?.kappa ?? 0, 12);
        expect(other?.kappaInterval?.low ?? 0).toBeCloseTo(one?.kappaInterval?.low ?? 0, 9);
      }),
    );
  });
});
