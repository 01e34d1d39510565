import { describe, expect, test } from "vitest";
import { certifyAlongPath, certifyGrid, paretoPath } from "./tier-path.ts";

const target = { atMost: 0.05, failureProbability: 0.05 };

describe("paretoPath", () => {
  test("keeps what nothing beats in loss and cost, safest first, up to 1.3 times the target", () => {
    const pilot = [
      { id: "cheap", lossRate: 0.06, cost: 3 },
      { id: "cheapest", lossRate: 0.066, cost: 2 },
      { id: "beaten", lossRate: 0.04, cost: 6 },
      { id: "safe", lossRate: 0.01, cost: 9 },
      { id: "fair", lossRate: 0.03, cost: 5 },
      { id: "fair too", lossRate: 0.03, cost: 5.5 },
    ];
    expect(paretoPath(pilot, 0.05)).toEqual(["safe", "fair", "cheap"]);
    expect(paretoPath([], 0.05)).toEqual([]);
  });
});

describe("certifyAlongPath", () => {
  const settings = [
    { id: "safe", hits: 5, trials: 600, cost: 9 },
    { id: "unlucky", hits: 40, trials: 600, cost: 7 },
    { id: "fair", hits: 10, trials: 600, cost: 5 },
    { id: "loose", hits: 39, trials: 600, cost: 3 },
  ];

  test("takes the cheapest that passes, also after one that fails", () => {
    const result = certifyAlongPath(settings, target);
    expect(result.chosen).toBe("fair");
    expect(result.certified).toEqual(["safe", "fair"]);
    expect(result.settings.map(({ level }) => level)[2]).toBeCloseTo(0.009 * 0.05, 12);
    expect(certifyAlongPath(settings, target, [1, 0, 0, 0]).chosen).toBe("safe");
  });

  test("without a pilot tests the whole grid at equal levels", () => {
    const result = certifyGrid(settings, target);
    expect(result.chosen).toBe("fair");
    expect(result.settings.every(({ level }) => level === 0.0125)).toBe(true);
    expect(certifyGrid([], target)).toEqual({ chosen: null, certified: [], settings: [] });
  });
});
