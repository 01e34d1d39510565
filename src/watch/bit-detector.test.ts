import { expect, test } from "vitest";
import { detectChange, startDetector } from "../statistics/change-detector.ts";
import { stormDetectorPlan } from "../statistics/detector-plans.ts";
import { createRandom } from "../support/random.ts";
import { createBitDetector, observeBit } from "./bit-detector.ts";

test("says the same as the detector it stands for", () => {
  const plan = stormDetectorPlan(0.35, { alarmLevel: Infinity, warnLevel: 1 });
  const detector = createBitDetector(plan);
  const random = createRandom("bits");
  const masses = [0, 0, 0, 0, 0];
  let state = startDetector(plan);
  for (let i = 0; i < 3_000; i += 1) {
    const isHit = random() < (i < 1_500 ? 0.3 : 0.7);
    const step = detectChange(plan, state, isHit ? 1 : 0);
    state = step.state;
    expect(observeBit(detector, masses, isHit)).toBe(step.total);
    expect(masses).toEqual(state.masses);
  }
});
