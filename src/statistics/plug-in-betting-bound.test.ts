import { describe, expect, test } from "vitest";
import { logPlugInWealth, plugInBets, plugInBettingBound } from "./plug-in-betting-bound.ts";

const values = Array.from({ length: 200 }, (_, i) => ([17, 63, 150].includes(i + 1) ? 1 : 0));

describe("plugInBettingBound", () => {
  test("agrees with the reference at every look and at one", () => {
    expect(plugInBettingBound(values, 0.05, "any_time")).toBeCloseTo(0.04960495680140889, 13);
    expect(plugInBettingBound(values, 0.05, "once")).toBeCloseTo(0.04973333229375099, 13);
    expect(logPlugInWealth(values, 0.05, 0.05)).toBeCloseTo(3.03772927976252, 12);
  });

  test("bets as the variance so far suggests", () => {
    const expected = [
      5.880087138733481, 4.177526945252344, 3.5638709912282125, 3.234176330322005,
      3.0230392749236046,
    ];
    for (const [i, bet] of plugInBets(values, 0.05, "any_time").slice(0, 5).entries()) {
      expect(bet).toBeCloseTo(expected[i] ?? NaN, 12);
    }
  });

  test("knows nothing without values, and refuses what is none", () => {
    expect(plugInBettingBound([], 0.05, "any_time")).toBe(1);
    expect(plugInBettingBound([1, 1, 1], 0.05, "any_time")).toBe(1);
    expect(() => plugInBettingBound([2], 0.05, "once")).toThrow(
      expect.objectContaining({ code: "statistics_argument" }),
    );
  });
});
