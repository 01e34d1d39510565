import { describe, expect, test } from "vitest";
import { runStream, type LiveStream } from "../../bench/validate/live-stream.ts";
import { carelessRule, controllerRule, fixedRule } from "../../bench/validate/threshold-rules.ts";
import {
  CONTROL_PLAN,
  hasUnsafeLowering,
  shareOf,
  timesWrong,
  unsafeFigure,
} from "../../bench/validate/v07-controller.ts";
import { TYPICAL } from "../../bench/validate/worlds.ts";
import { createRandom } from "../../src/support/random.ts";

const STREAM: LiveStream = {
  ...{ requests: 100_000, atMost: 0.05, gradeShare: 0.05, denser: 1, bandShare: 0.05, delay: 0 },
  phases: [{ from: 0, world: TYPICAL }],
};

describe("a stream", () => {
  test("counts what ships, and what ships in violation, by the truth", () => {
    const dip = { from: 50_000, world: timesWrong(2.5) };
    const phases = [...STREAM.phases, dip];
    const outcome = runStream({ ...STREAM, phases }, fixedRule(0.85), createRandom("counts"));
    // 70 % ship at 0.85; their rate is .0471 before, .1179 in the dip.
    expect(outcome.shipped).toBeCloseTo(70_000, 6);
    expect(outcome.shippedInViolation).toBeCloseTo(35_000, 6);
    expect(outcome.shippedBelow).toBe(0);
    // 70 % shipped, and 12 % that state 0.8 are near misses; of either 5 %.
    expect(outcome.graded).toBeGreaterThan(3_900);
    expect(outcome.graded).toBeLessThan(4_300);
  });

  test("tells grades as late as they are", () => {
    const phases = [{ from: 0, world: timesWrong(2.5) }];
    const firstRaise = (delay: number): number => {
      const rule = controllerRule(CONTROL_PLAN, 0.85);
      const { moves } = runStream({ ...STREAM, phases, delay }, rule, createRandom("late"));
      return moves[0]?.at ?? Infinity;
    };
    expect(firstRaise(20_000)).toBeGreaterThan(20_000);
    expect(firstRaise(0)).toBeLessThan(10_000);
  });

  test("shows a careless controller for what it is, and ours not", () => {
    const runs = (rule: typeof controllerRule) =>
      Array.from({ length: 12 }, (_, run) =>
        runStream(
          { ...STREAM, requests: 300_000 },
          rule(CONTROL_PLAN, 0.85),
          createRandom(`careless ${run}`),
        ),
      );
    const [careless, ours] = [runs(carelessRule), runs(controllerRule)];
    expect(unsafeFigure("careless", careless).holds).toBe(false);
    expect(unsafeFigure("ours", ours).holds).toBe(true);
    expect(shareOf(careless, hasUnsafeLowering)).toBeGreaterThan(0.2);
  });
});
