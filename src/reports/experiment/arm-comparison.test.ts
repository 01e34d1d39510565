import { describe, expect, test } from "vitest";
import { compareMeans, compareQuantiles, type Measured } from "./arm-comparison.ts";

function arm(units: number, valueOf: (unit: number) => number): readonly Measured[] {
  return Array.from({ length: units }, (_, unit) => ({ unit: `u${unit}`, value: valueOf(unit) }));
}

/** Values 1 below and above a middle, in turn. */
const around = (middle: number) => (unit: number) => middle + (unit % 2 === 0 ? 1 : -1);

describe("two arms", () => {
  test("that differ say which is higher", () => {
    const found = compareMeans(arm(100, around(5)), arm(200, around(4)));
    expect(found).toMatchObject({ difference: -1, says: "lower", moreUnits: null });
    expect(compareMeans(arm(100, around(4)), arm(200, around(5))).says).toBe("higher");
  });

  test("that hardly differ say how many units would tell", () => {
    const found = compareMeans(arm(100, around(5)), arm(10_000, around(5.1)));
    expect(found.says).toBe("open");
    // Half of 100 units' interval is 0.2, of 400 units' it is 0.1.
    expect(found.moreUnits).toBeGreaterThan(280);
    expect(found.moreUnits).toBeLessThan(330);
    expect(compareMeans(arm(100, around(5)), arm(100, around(5))).moreUnits).toBeNull();
  });

  test("of which one is small are not known yet", () => {
    const found = compareMeans(arm(12, around(5)), arm(200, around(4)));
    expect(found).toMatchObject({ difference: null, says: "not_known_yet", moreUnits: 18 });
    expect(found.control).toEqual({ requests: 12, units: 12, value: null, interval: null });
  });

  test("are compared by their slow ends once there are enough units for one", () => {
    const quick = arm(400, (unit) => unit % 100);
    const slow = arm(400, (unit) => 3 * (unit % 100));
    const found = compareQuantiles(quick, slow, 0.95);
    expect(found).toMatchObject({
      control: { value: 94 },
      cascade: { value: 282 },
      says: "higher",
    });
    expect(compareQuantiles(quick, arm(40, around(9)), 0.99)).toMatchObject({
      says: "open",
      interval: null,
      moreUnits: 40,
    });
  });
});
