import { expect, test } from "vitest";
import { judgedTarget } from "./judged-target.ts";

test("judgedTarget allows less of what the judge sees, the more it may have missed", () => {
  const target = judgedTarget(6, 60, 0.05, 0.025);
  expect(target.missRateBound).toBeCloseTo(0.205057736708064, 13);
  expect(target.atMost).toBeCloseTo(0.0397471131645968, 14);
  expect(judgedTarget(0, 0, 0.05, 0.025).atMost).toBe(0);
  expect(judgedTarget(7, 60, 0.05, 0.025).atMost).toBeLessThan(target.atMost);
});
