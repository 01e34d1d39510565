import { expect, test } from "vitest";
import { compareStorms, STORMS } from "../../bench/watch/compare-storms.ts";

test("the level of all classes together tells the same storms later, and not much", () => {
  const [alone, ours] = compareStorms("storms", 12);
  for (const [i, { subject, rate }] of STORMS.entries()) {
    const { median: before = NaN } = alone?.storms[i] ?? {};
    const { median: after = NaN, named = NaN } = ours?.storms[i] ?? {};
    expect(after, `${subject} at ${rate}`).toBeGreaterThan(before);
    expect(after, `${subject} at ${rate}`).toBeLessThan(1.6 * before);
    expect(named, `${subject} at ${rate}`).toBeGreaterThan(0.5);
  }
});
