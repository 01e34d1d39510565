import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

test.each([
  ["treshold", ["threshold", "thrust"], "threshold"],
  ["prot", ["host", "port"], "port"],
  ["base_url", ["baseUrl", "kind"], "baseUrl"],
  ["THRESHOLD", ["threshold"], "threshold"],
  ["modes", ["mode", "model"], "mode"],
  ["colour", ["name", "tiers"], null],
  // As many changes as there are letters would be another word.
  ["ab", ["xy"], null],
  ["x", ["y"], null],
  ["", ["a"], null],
  ["anything", [], null],
])("%s is nearest to %j: %s", (name, candidates, expected) => {
  expect(nearestName(name, candidates)).toBe(expected);
});
