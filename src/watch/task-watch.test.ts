import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import { detectorTotal, PAGER_LEVEL, startErrorWatch, watchError } from "./error-watch.ts";
import {
  forgetUntold,
  markTold,
  MOST_TASKS,
  restartTasks,
  standingTasks,
  untoldAlarm,
  watchTask,
  type TaskState,
  type TaskStep,
  type TaskVerdict,
} from "./task-watch.ts";

const AT_MOST = 0.05;
const DAY_MS = 86_400_000;

function verdict(changes: Partial<TaskVerdict> = {}): TaskVerdict {
  const of = { task: "refund", by: "truth", isWrong: false, weight: 1, answeredMs: 0 } as const;
  return { ...of, ...changes };
}

function run(verdicts: Iterable<TaskVerdict>, from: readonly TaskState[] = []): TaskStep {
  let tasks = from;
  const over: TaskStep["over"][number][] = [];
  for (const one of verdicts) {
    const step = watchTask(AT_MOST, tasks, one);
    tasks = step.tasks;
    over.push(...step.over);
  }
  return { tasks, over };
}

function repeat(count: number, changes: Partial<TaskVerdict>): readonly TaskVerdict[] {
  return Array.from({ length: count }, () => verdict(changes));
}

const stored = (tasks: readonly TaskState[]): readonly TaskState[] =>
  JSON.parse(JSON.stringify(tasks)) as readonly TaskState[];
const named = (tasks: readonly TaskState[]): Readonly<Record<string, TaskState>> =>
  Object.fromEntries(tasks.map((one) => [one.task, one]));
const WRONG = { isWrong: true };

const anyVerdict = fc.record({
  task: fc.constantFrom("refund", "plans", "__proto__", "7", "other"),
  by: fc.constantFrom("truth" as const, "judge" as const),
  isWrong: fc.boolean(),
  weight: fc.constantFrom(0.25, 1),
  answeredMs: fc.integer({ min: 0, max: 7 * DAY_MS }),
});

test("however tasks interleave, and wherever it restarts, each is where its own verdicts bring it", () => {
  fc.assert(
    fc.property(fc.array(anyVerdict, { maxLength: 200 }), fc.nat(200), (verdicts, at) => {
      const before = stored(run(verdicts.slice(0, at)).tasks);
      const together = named(run(verdicts.slice(at), before).tasks);
      const tasks = new Set(verdicts.map(({ task }) => task));
      const apart = [...tasks].flatMap(
        (task) => run(verdicts.filter((one) => one.task === task)).tasks,
      );
      expect(together).toEqual(named(apart));
    }),
    { seed: 11, numRuns: 200 },
  );
});

test("a task's sum is that of the detector of a whole tier on the same verdicts", () => {
  let whole = startErrorWatch(AT_MOST);
  const verdicts = Array.from({ length: 60 }, (_, i) =>
    verdict({ isWrong: i % 12 === 3, weight: i % 3 === 0 ? 0.5 : 1 }),
  );
  for (const { isWrong, weight } of verdicts) {
    whole = watchError(AT_MOST, whole, { isWrong, weight }).state;
  }
  const [task] = run(verdicts).tasks;
  expect(task?.truth?.detector).toEqual(whole.detector);
  expect(detectorTotal(whole.detector)).toBeGreaterThan(0);
  expect(task?.truth?.recent).toEqual({ graded: 60, wrong: 5 });
});

describe("twenty tasks of one route", () => {
  const TASKS = 20;

  /** @returns how many alarms, of all tasks */
  function alarmsOf(seed: string, grades: number, rate: number): number {
    const random = createRandom(seed);
    let tasks: readonly TaskState[] = [];
    let alarms = 0;
    for (let i = 0; i < grades; i += 1) {
      const task = `t${String(Math.floor(random() * TASKS))}`;
      tasks = watchTask(AT_MOST, tasks, verdict({ task, isWrong: random() < rate })).tasks;
      if (untoldAlarm(tasks, task, "truth") === null) continue;
      alarms += 1;
      tasks = forgetUntold(AT_MOST, tasks, "truth");
    }
    return alarms;
  }

  test("a little below the limit all together alarm no oftener than one of them may", () => {
    const grades = 100_000;
    const alarms = alarmsOf("a little below", grades, 0.045);
    expect(alarms).toBeGreaterThan(0);
    expect(alarms).toBeLessThanOrEqual(grades / PAGER_LEVEL);
    // The other way round: what is worse than allowed does not hide behind that.
    expect(alarmsOf("above", 10_000, 0.1)).toBeGreaterThan(20);
  });

  test("a small one that gets bad is told, while the route as a whole is within its limit", () => {
    const delays: number[] = [];
    for (let world = 0; world < 20; world += 1) {
      const random = createRandom(`one of twenty ${String(world)}`);
      let tasks: readonly TaskState[] = [];
      let route = startErrorWatch(AT_MOST);
      let ofTask = 0;
      let isTold = false;
      for (let i = 0; i < 20_000 && !isTold; i += 1) {
        const task = `t${String(Math.floor(random() * TASKS))}`;
        const isBad = task === "t0" && i >= 2_000;
        const isWrong = random() < (isBad ? 0.2 : 0.02);
        const step = watchError(AT_MOST, route, { isWrong, weight: 1 });
        expect(step.isAlarm).toBe(false);
        route = step.state;
        tasks = watchTask(AT_MOST, tasks, verdict({ task, isWrong })).tasks;
        if (isBad) ofTask += 1;
        isTold = isBad && untoldAlarm(tasks, task, "truth") !== null;
      }
      expect(isTold).toBe(true);
      delays.push(ofTask);
    }
    const sorted = delays.toSorted((one, other) => one - other);
    expect(sorted[9]).toBeLessThan(80);
    expect(sorted.at(-1)).toBeLessThan(200);
  });
});

test("an alarm is told once, however long it lasts, and its end is told when it was", () => {
  const alarmed = run(repeat(10, WRONG)).tasks;
  expect(untoldAlarm(alarmed, "refund", "truth")).toMatchObject({ graded: 10, wrong: 10 });
  expect(untoldAlarm(alarmed, "refund", "judge")).toBeNull();
  const told = markTold(alarmed, { task: "refund", by: "truth" });
  const worse = run(repeat(10, WRONG), told);
  expect(worse.over).toEqual([]);
  expect(untoldAlarm(worse.tasks, "refund", "truth")).toBeNull();
  const well = run(repeat(200, {}), stored(worse.tasks));
  expect(well.over).toEqual([{ task: "refund", by: "truth" }]);
  expect(standingTasks(well.tasks)).toEqual([]);
  expect(run(repeat(200, {}), alarmed).over).toEqual([]);
});

test("one that nobody grades for a week is over, and forgotten", () => {
  const alarmed = run([...repeat(7, WRONG), verdict({ answeredMs: -DAY_MS })]).tasks;
  const told = markTold(alarmed, { task: "refund", by: "truth" });
  const other = (answeredMs: number): TaskStep =>
    watchTask(AT_MOST, told, verdict({ task: "plans", answeredMs }));
  expect(other(7 * DAY_MS).over).toEqual([]);
  const idle = other(7 * DAY_MS + 1);
  expect(idle.over).toEqual([{ task: "refund", by: "truth" }]);
  expect(idle.tasks.map(({ task }) => task)).toEqual(["plans"]);
});

test("after the tier's alarm what alarmed meanwhile begins anew, and what was told goes on", () => {
  const both = run([...repeat(7, WRONG), ...repeat(7, { ...WRONG, task: "plans" })]).tasks;
  const after = forgetUntold(AT_MOST, markTold(both, { task: "plans", by: "truth" }), "truth");
  expect(standingTasks(after).map(({ task }) => task)).toEqual(["plans"]);
  expect(detectorTotal(named(after)["refund"]?.truth?.detector ?? { masses: [1] })).toBe(0);
  const restarted = restartTasks(AT_MOST, after);
  expect(restarted.map(({ task }) => task)).toEqual(["plans"]);
  expect(run(repeat(200, { task: "plans" }), restarted).over).toHaveLength(1);
});

test("says which stand out, the worst first, by their last verdicts", () => {
  const { tasks } = run([
    ...repeat(350, { task: "fine" }),
    ...repeat(350, { task: "near" }),
    ...repeat(4, { task: "near", isWrong: true }),
    ...repeat(7, { task: "bad", isWrong: true, by: "judge" }),
  ]);
  expect(standingTasks(tasks)).toEqual([
    { task: "bad", by: "judge", graded: 7, wrong: 7, alarmShare: 1, isAlarm: true },
    {
      ...{ task: "near", by: "truth", graded: 154, wrong: 4, isAlarm: false },
      alarmShare: expect.closeTo(0.2, 1) as number,
    },
  ]);
});

test("however many tasks are named, memory is bounded, and what alarms is kept", () => {
  let tasks = markTold(run(repeat(7, WRONG)).tasks, { task: "refund", by: "truth" });
  for (let i = 0; i < 300; i += 1) {
    for (const by of ["truth", "judge"] as const) {
      const isWrong = i % 9 === 0;
      tasks = watchTask(AT_MOST, tasks, verdict({ task: `task-${String(i)}`, by, isWrong })).tasks;
    }
  }
  expect(tasks).toHaveLength(MOST_TASKS);
  expect(named(tasks)).toHaveProperty("refund");
  expect(named(tasks)).toHaveProperty("task-299");
  expect(named(tasks)).not.toHaveProperty("task-199");
  expect(JSON.stringify(tasks).length).toBeLessThan(50_000);
});
