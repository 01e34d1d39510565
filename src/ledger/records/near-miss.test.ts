import { expect, test } from "vitest";
import { nearMissFloor } from "./near-miss.ts";

test.each([
  [0.8, 0.7],
  [0.7, 0.6],
  [0.123, 0.023],
  [0.05, -0.05],
  [1, 0.9],
  // Never ships; models rarely state more than 0.9.
  [1.01, 0.9],
])("below %d near misses reach down to %d", (threshold, floor) => {
  expect(nearMissFloor(threshold)).toBe(floor);
});
