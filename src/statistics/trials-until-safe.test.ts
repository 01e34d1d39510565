import { describe, expect, test } from "vitest";
import { trialsUntilSafe } from "./trials-until-safe.ts";

describe("trialsUntilSafe", () => {
  test.each([
    [0.05, [88, 134, 174, 210, 277, 430, 709]],
    [0.1, [71, 115, 153, 188, 253, 402, 675]],
  ])("for a rate of .05 at failure probability %d", (failureProbability, expected) => {
    const hits = [0, 1, 2, 3, 5, 10, 20];
    expect(hits.map((n) => trialsUntilSafe(n, 0.05, failureProbability))).toEqual(expected);
  });

  test("refuses a target that is no rate", () => {
    for (const atMost of [0, 1, NaN]) {
      expect(() => trialsUntilSafe(0, atMost, 0.05)).toThrow(
        expect.objectContaining({ code: "statistics_argument" }),
      );
    }
  });
});
