import { describe, expect, test } from "vitest";
import { EXAMPLE_SAMPLE } from "./judged-sample.fixture.ts";
import { predictionPoweredShare } from "./prediction-powered-share.ts";

describe("predictionPoweredShare", () => {
  test.each([
    ["full trust", 1, 1, 0.05, 0.016017568479641347, 0.018606142659998964, 0.08139385734000103],
    [
      ...(["tuned trust", "tuned", 0.3629335815029322, 0.04362933581502933] as const),
      ...([0.011711187676680135, 0.02067582975254695, 0.0665828418775117] as const),
    ],
  ] as const)("the example at %s", (_, trust, weight, share, standardError, low, high) => {
    const estimate = predictionPoweredShare(EXAMPLE_SAMPLE, trust);
    expect(estimate?.trust).toBeCloseTo(weight, 10);
    expect(estimate?.share).toBeCloseTo(share, 10);
    expect(estimate?.standardError).toBeCloseTo(standardError, 10);
    expect(estimate?.interval.low).toBeCloseTo(low, 10);
    expect(estimate?.interval.high).toBeCloseTo(high, 10);
    expect(estimate?.isApproximate).toBe(true);
  });

  test("without trust it is what humans found", () => {
    const estimate = predictionPoweredShare(EXAMPLE_SAMPLE, 0);
    expect(estimate?.share).toBeCloseTo(0.04, 12);
    expect(estimate?.standardError).toBeCloseTo(Math.sqrt((0.04 * 0.96) / 200), 12);
  });

  test("a judge that says the opposite is not trusted", () => {
    const checked = { bothWrong: 0, missed: 20, falseAlarm: 30, bothRight: 50 };
    expect(predictionPoweredShare({ ...EXAMPLE_SAMPLE, checked })?.trust).toBe(0);
  });

  test("nothing checked, nothing known", () => {
    const checked = { bothWrong: 0, missed: 0, falseAlarm: 0, bothRight: 1 };
    expect(predictionPoweredShare({ ...EXAMPLE_SAMPLE, checked })).toBeNull();
  });
});
