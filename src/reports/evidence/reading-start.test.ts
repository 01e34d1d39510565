import { expect, test } from "vitest";
import { readingStart } from "./reading-start.ts";

const version = (threshold: number, createdAtMs: number, tier = 0) => ({
  ...{ id: String(createdAtMs), route: "support", tier, threshold, createdAtMs },
  ...{ configuredThreshold: 0.8, reason: "", by: "operator", certificate: null },
});

test("is the strictest threshold that was in force in the time", () => {
  expect(readingStart(null, [], 0, 100)).toBeNull();
  expect(readingStart(0.8, [], 0, 100)).toBe(0.8);
  expect(readingStart(0.7, [version(0.7, 200), version(0.95, 50)], 0, 100)).toBe(0.95);
  expect(readingStart(0.7, [version(0.7, 90), version(0.95, 50)], 0, 100)).toBe(0.7);
  expect(readingStart(0.6, [version(0.6, 200), version(0.99, 150, 1)], 0, 100)).toBe(0.8);
});
