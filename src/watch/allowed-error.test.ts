import { expect, test } from "vitest";
import { allowedError } from "./allowed-error.ts";

const certificate = JSON.stringify({ promise: "…", shareShipped: 0.7, sample: {} });

test.each([
  ["selective", 0.05, certificate, 0.05, "promise"],
  ["joint", 0.05, certificate, 0.05 / 0.7, "promise_over_certified_coverage"],
  ["joint", 0.05, null, 0.05, "promise_taken_strictly"],
  ["joint", 0.05, "{}", 0.05, "promise_taken_strictly"],
  ["joint", 0.05, "not JSON", 0.05, "promise_taken_strictly"],
  ["joint", 0.05, '{"shipShares":[0.5,0.3]}', 0.05 / 0.8, "promise_over_certified_coverage"],
  ["joint", 0.4, '{"shareShipped":0.2}', 0.5, "promise_over_certified_coverage"],
  ["relative", 0.02, null, 0.02, "promise_taken_strictly"],
] as const)("%s of %s under %s allows %s", (target, atMost, given, allowed, from) => {
  const found = allowedError({ target, atMost }, given);
  expect(found.from).toBe(from);
  expect(found.atMost).toBeCloseTo(allowed, 12);
});
