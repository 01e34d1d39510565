import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { verdictStratifiedShare } from "./verdict-stratified-share.ts";

const EXAMPLE = {
  judged: 2_000,
  judgedWrong: 150,
  checkedWrong: { trials: 100, hits: 44 },
  checkedRight: { trials: 100, hits: 1 },
};

describe("verdictStratifiedShare", () => {
  test("the example", () => {
    const corrected = verdictStratifiedShare(EXAMPLE);
    expect(corrected?.share).toBeCloseTo(0.04225, 12);
    expect(corrected?.interval.low).toBeCloseTo(0.03077952019472406, 9);
    expect(corrected?.interval.high).toBeCloseTo(0.08434099103905833, 9);
  });

  test("leaves out as much as it is told", () => {
    const at = (failureProbability: number) =>
      verdictStratifiedShare(EXAMPLE, failureProbability)?.interval ?? { low: 0, high: 1 };
    expect(at(0.05).high).toBeCloseTo(at(0.0500001).high, 6);
    expect(at(0.1).high).toBeLessThan(at(0.05).high);
    expect(at(0.01).low).toBeLessThan(at(0.05).low);
  });

  test("a verdict that was never checked leaves the share open", () => {
    const none = { trials: 0, hits: 0 };
    expect(verdictStratifiedShare({ ...EXAMPLE, checkedWrong: none })).toBeNull();
    expect(verdictStratifiedShare({ ...EXAMPLE, checkedRight: none })).toBeNull();
    const noneJudgedWrong = { ...EXAMPLE, judgedWrong: 0, checkedWrong: none };
    expect(verdictStratifiedShare(noneJudgedWrong)?.share).toBeCloseTo(0.01, 12);
    expect(verdictStratifiedShare({ ...EXAMPLE, judged: 0, judgedWrong: 0 })).toBeNull();
  });

  test("a judge with verdicts turned round gives the same share", () => {
    const checks = fc
      .integer({ min: 1, max: 200 })
      .chain((trials) => fc.record({ trials: fc.constant(trials), hits: fc.nat(trials) }));
    fc.assert(
      fc.property(fc.nat(1_000), checks, checks, (judgedWrong, checkedWrong, checkedRight) => {
        const strata = { judged: 1_000, judgedWrong, checkedWrong, checkedRight };
        const turned = {
          judged: 1_000,
          judgedWrong: 1_000 - judgedWrong,
          checkedWrong: checkedRight,
          checkedRight: checkedWrong,
        };
        const [one, other] = [verdictStratifiedShare(strata), verdictStratifiedShare(turned)];
        if (one === null || other === null) throw new Error("no share");
        expect(other.share).toBeCloseTo(one.share, 12);
        expect(other.interval.low).toBeCloseTo(one.interval.low, 12);
        expect(one.interval.low).toBeLessThanOrEqual(one.share + 1e-12);
        expect(one.interval.high).toBeGreaterThanOrEqual(one.share - 1e-12);
      }),
    );
  });
});
