import { describe, expect, test } from "vitest";
import {
  labelsNeeded,
  mostHitsCertified,
  trialsForPower,
  zeroErrorTrials,
} from "./labels-needed.ts";

describe("zeroErrorTrials", () => {
  test.each([
    [0.01, 299, 230],
    [0.02, 149, 114],
    [0.05, 59, 45],
    [0.1, 29, 22],
  ])("for a rate of %d", (atMost, at05, at10) => {
    expect(zeroErrorTrials(atMost, 0.05)).toBe(at05);
    expect(zeroErrorTrials(atMost, 0.1)).toBe(at10);
  });
});

describe("mostHitsCertified", () => {
  const trials = [50, 59, 100, 200, 300, 500, 1000, 5000];
  test.each([
    [0.01, 0.05, [null, null, null, null, 0, 1, 4, 38]],
    [0.01, 0.1, [null, null, null, null, 0, 1, 5, 40]],
    [0.02, 0.05, [null, null, null, 0, 1, 4, 12, 83]],
    [0.02, 0.1, [null, null, null, 1, 2, 5, 13, 86]],
    [0.05, 0.05, [null, 0, 1, 4, 8, 16, 38, 224]],
    [0.05, 0.1, [0, 0, 1, 5, 9, 18, 40, 229]],
    [0.1, 0.05, [1, 1, 4, 12, 21, 38, 84, 464]],
    [0.1, 0.1, [1, 2, 5, 14, 22, 40, 87, 472]],
  ])("for a rate of %d at failure probability %d", (atMost, failureProbability, expected) => {
    expect(trials.map((n) => mostHitsCertified(n, atMost, failureProbability))).toEqual(expected);
  });
});

describe("trialsForPower", () => {
  test("near the target takes its last possible plan, and then none", () => {
    expect(trialsForPower(49.5 / 1001, 0.05, 0.05)).toBe(968_260);
    expect(trialsForPower(0.0496, 0.05, 0.05)).toBeNull();
    expect(trialsForPower(0.499, 0.5, 0.05)).toBeNull();
  });

  const parts = [0.1, 0.25, 0.5, 0.7];
  test.each([
    [0.02, 0.05, [236, 386, 969, 2935]],
    [0.02, 0.1, [194, 265, 708, 2134]],
    [0.05, 0.05, [93, 153, 361, 1148]],
    [0.05, 0.1, [77, 105, 282, 829]],
    [0.1, 0.05, [46, 61, 179, 549]],
    [0.1, 0.1, [22, 52, 128, 390]],
  ])("for a rate of %d at failure probability %d", (atMost, failureProbability, expected) => {
    expect(parts.map((part) => trialsForPower(part * atMost, atMost, failureProbability))).toEqual(
      expected,
    );
  });

  test("gives up within bounds when the rate is next to the target", () => {
    expect(trialsForPower(0.0499, 0.05, 0.05)).toBeNull();
    expect(trialsForPower(0.899, 0.9, 0.05)).toBeGreaterThan(100_000);
  });
});

describe("labelsNeeded", () => {
  test.each([
    [0, 30, 131, 181, 0.016129032258064516],
    [1, 60, 288, 361, 0.02459016393442623],
    [4, 150, 501, 601, 0.029801324503311258],
    [7, 330, 29, 311, 0.022658610271903322],
    [25, 560, 17_986, 13_663, 0.045454545454545456],
  ])("after %d in %d", (hits, trials, more, total, likelyRate) => {
    expect(labelsNeeded(hits, trials, 0.05, 0.05)).toEqual({
      outlook: "reachable",
      likelyRate,
      zeroErrorTrials: 59,
      sequentialMoreTrials: more,
      fixedPlanTrials: total,
    });
  });

  test("prints no number when the target is out of reach", () => {
    expect(labelsNeeded(9, 150, 0.05, 0.05)).toEqual({
      outlook: "unreachable",
      likelyRate: 0.06291390728476821,
      zeroErrorTrials: 59,
    });
    expect(labelsNeeded(0, 9, 0.05, 0.05).outlook).toBe("too_early");
    expect(labelsNeeded(0, 0, 0.05, 0.05).outlook).toBe("too_early");
  });

  test("needs no more when the evidence is there", () => {
    expect(labelsNeeded(0, 200, 0.05, 0.05)).toMatchObject({ sequentialMoreTrials: 0 });
  });
});
