import { expect, test } from "vitest";
import type { ControlPlan } from "./control-threshold.ts";
import { describeWatch } from "./describe-watch.ts";
import { verdictsStateName, type StoredVerdicts } from "./route-step.ts";
import { watchTask, type TaskState } from "./task-watch.ts";
import { startTier, type TierState } from "./tier-watch.ts";

const plan: ControlPlan = {
  ...{ atMost: 0.05, rungs: [0.8, 0.9, 1.01], bandShare: 0 },
  ...{ raise: "auto", lower: "alert" },
};
const tier: TierState = startTier({ tier: 0, model: "haiku", promptHash: "p1" }, plan, 0.8);

async function standing(of: TierState): ReturnType<typeof describeWatch> {
  const stored: StoredVerdicts = { origin: "watch_1", cursor: 3, tiers: [of] };
  const name = verdictsStateName("support");
  const state = { name, route: "support", json: JSON.stringify(stored), updatedAtMs: 1 };
  return describeWatch(
    { watchStates: () => Promise.resolve([state]), alerts: () => Promise.resolve([]) },
    "support",
  );
}

/** Half of each is wrong, give or take one. */
function tasksOf(count: number): readonly TaskState[] {
  let tasks: readonly TaskState[] = [];
  for (let i = 0; i < count; i += 1) {
    for (let n = 0; n < 30 - i; n += 1) {
      const of = { task: `task-${String(i)}`, by: "truth", weight: 1, answeredMs: 0 } as const;
      tasks = watchTask(0.05, tasks, { ...of, isWrong: n % 2 === 0 }).tasks;
    }
  }
  return tasks;
}

test("shows the five tasks that stand out most, and none that do not", async () => {
  const { tiers } = await standing({ ...tier, tasks: tasksOf(8) });
  expect(tiers[0]?.tasks).toHaveLength(5);
  expect(tiers[0]?.tasks[0]).toMatchObject({ by: "truth", isAlarm: true, alarmShare: 1 });
  const shares = tiers[0]?.tasks.map(({ wrong, graded }) => wrong / graded) ?? [];
  expect(shares).toEqual(shares.toSorted((one, other) => other - one));
  const well = watchTask(0.05, [], {
    ...{ task: "plans", by: "truth", isWrong: false, weight: 1, answeredMs: 0 },
  }).tasks;
  expect((await standing({ ...tier, tasks: well })).tiers[0]?.tasks).toEqual([]);
});

test("reads what was stored before tasks were watched", async () => {
  const { tasks, ...earlier } = tier;
  expect(tasks).toEqual([]);
  const [described] = (await standing(earlier)).tiers;
  expect(described).toMatchObject({ model: "haiku", rung: 0.8, tasks: [] });
});
