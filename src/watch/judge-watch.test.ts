import { expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import { startJudgeWatch, watchJudge, type JudgeState } from "./judge-watch.ts";

test("tells when a judge differs from people more often than it did", () => {
  const random = createRandom("judge");
  let state = startJudgeWatch();
  const run = (rate: number, count: number): readonly number[] => {
    const alarms: number[] = [];
    for (let i = 0; i < count; i += 1) {
      const step = watchJudge(JSON.parse(JSON.stringify(state)) as JudgeState, random() < rate);
      if (step.isAlarm) alarms.push(i);
      state = step.state;
    }
    return alarms;
  };
  expect(run(0.08, 600)).toEqual([]);
  expect(state.compared).toBe(100);
  expect(state.bound).toBeGreaterThan(0.08);
  const alarms = run(0.5, 90);
  expect(alarms).toHaveLength(1);
  expect(state.bound).toBeNull();
});
