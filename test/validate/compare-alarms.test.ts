import { expect, test } from "vitest";
import { compareAlarms } from "../../bench/watch/compare-alarms.ts";

test("rules see the same grades, and the same seed gives the same figures", () => {
  const figures = compareAlarms("again", 4);
  expect(compareAlarms("again", 4)).toEqual(figures);
  expect(compareAlarms("others", 4)).not.toEqual(figures);
});

test("a window is loud on healthy grades, a bound above the target always is, ours is not", () => {
  const [ours, upper, lower, rate] = compareAlarms("loud", 30);
  const [, , healthy = NaN] = ours?.falseAlarms ?? [];
  expect(healthy).toBeLessThan(0.2);
  expect(rate?.falseAlarms[2]).toBeGreaterThan(5);
  expect(upper?.falseAlarms.every((mean) => mean > 4)).toBe(true);
  expect(lower?.falseAlarms.every((mean) => mean === 0)).toBe(true);
  // What is quiet by being slow.
  expect(ours?.delays[0]?.median).toBeLessThan((lower?.delays[0]?.median ?? 0) / 2);
});
