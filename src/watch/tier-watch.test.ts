import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import type { ControlPlan } from "./control-threshold.ts";
import type { ReadVerdict } from "./read-verdict.ts";
import {
  startTier,
  watchVerdict,
  withOpenAlarms,
  type TierEvent,
  type TierState,
} from "./tier-watch.ts";

const plan: ControlPlan = {
  ...{ atMost: 0.05, rungs: [0.8, 0.9, 1.01], bandShare: 0 },
  ...{ raise: "off", lower: "off" },
};

interface Said {
  readonly isWrong: boolean;
  readonly by?: ReadVerdict["by"];
  readonly task?: string | null;
  readonly answeredMs?: number;
}

function read(
  tier: number,
  { isWrong, by = "truth", task = null, answeredMs = 0 }: Said,
): ReadVerdict {
  return {
    ...{ sequence: 1, tier, model: "haiku", promptHash: "p1", by, task, answeredMs },
    verdict: {
      ...{ isWrong, decision: "shipped", confidence: 0.9, threshold: 0.8 },
      ...{ propensity: 0.05, leastPropensity: 0.05 },
    },
    ...{ isFirst: true, isFirstDecisive: true, bodyHash: null, isJudgeDifferent: null },
  };
}

function run(
  from: TierState,
  said: Iterable<Said>,
  used = plan,
): { state: TierState; events: TierEvent[] } {
  let state = from;
  const events: TierEvent[] = [];
  for (const one of said) {
    const step = watchVerdict("support", used, state, read(from.tier, one));
    state = step.state;
    events.push(...step.events);
  }
  return { state, events };
}

function repeat(count: number, one: Said): readonly Said[] {
  return Array.from({ length: count }, () => one);
}

function start(tier: number, model = "haiku"): TierState {
  return startTier({ tier, model, promptHash: "p1" }, plan, 0.8);
}

const WRONG = { isWrong: true };
const RIGHT = { isWrong: false };

/** What channels tell alerts apart by. */
function subjects(events: readonly TierEvent[]): readonly (readonly [string, string | null])[] {
  return events.flatMap((event) => {
    if (event.kind === "move") return [];
    const { rule, subject } = event.kind === "open" ? event.text : event;
    return [[`${event.kind} ${rule}`, subject]];
  });
}

test.each([
  [0, "truth", null],
  [0, "judge", "judge"],
  [1, "truth", "tier:2"],
  [1, "judge", "tier:2:judge"],
] as const)("tier %i by %s alarms and ends under a subject of its own", (tier, by, subject) => {
  const bad = run(start(tier), repeat(8, { isWrong: true, by }));
  expect(new Set(subjects(bad.events).map(([, of]) => of))).toEqual(new Set([subject]));
  const good = run(bad.state, repeat(200, { isWrong: false, by }));
  expect(subjects(good.events)).toEqual([["resolve false_confident", subject]]);
});

test("what the controller does about one tier is told under its subject", () => {
  const { events } = run(start(1), repeat(8, WRONG), { ...plan, raise: "auto" });
  expect(events.map(({ kind }) => kind)).toContain("move");
  expect(subjects(events).slice(0, 2)).toEqual([
    ["resolve lowering_proved", "tier:2"],
    ["open false_confident", "tier:2"],
  ]);
});

test("an alarm that is open outlives a change of the model, and ends when the new one is well", () => {
  const bad = run(start(0), repeat(8, WRONG)).state;
  const nearlyOver = run(bad, repeat(150, RIGHT)).state;
  const changed = withOpenAlarms(start(0, "haiku-2"), nearlyOver);
  expect(changed.truth.graded).toBe(0);
  const after = run(changed, repeat(200, RIGHT));
  expect(subjects(after.events)).toEqual([["resolve false_confident", null]]);
  // The good answers of the earlier model are no proof for the later one.
  expect(run(nearlyOver, repeat(60, RIGHT)).events).toHaveLength(1);
  expect(run(changed, repeat(60, RIGHT)).events).toEqual([]);
  expect(withOpenAlarms(start(0), start(0))).toEqual(start(0));
});

describe("kinds of work", () => {
  const REFUND = { task: "refund" };
  const auto: ControlPlan = { ...plan, raise: "auto" };

  /** One in twenty is of the task in question. */
  function mixed(seed: string, count: number, refundRate: number, rate: number): Said[] {
    const random = createRandom(seed);
    return Array.from({ length: count }, (): Said => {
      const task = random() < 0.05 ? "refund" : "plans";
      return { task, isWrong: random() < (task === "refund" ? refundRate : rate) };
    });
  }

  test.each([
    ["truth", 0, "task:refund"],
    ["judge", 0, "judge:task:refund"],
    ["truth", 1, "tier:2:task:refund"],
  ] as const)(
    "by %s in tier %i a bad one tells by itself, and moves nothing",
    (by, tier, subject) => {
      const said = mixed("small", 2_000, 0.3, 0.01).map((one) => ({ ...one, by }));
      const { state, events } = run(start(tier), said, auto);
      expect(events).toHaveLength(1);
      expect(events[0]).toMatchObject({
        kind: "open",
        text: {
          ...{ rule: "false_confident", subject, severity: "notice", action: null, revert: null },
          facts: { task: "refund", atMost: 0.05 },
        },
      });
      expect(state.control.threshold).toBe(0.8);
      const well = run(state, repeat(500, { ...RIGHT, ...REFUND, by }), auto);
      expect(subjects(well.events)).toEqual([["resolve false_confident", subject]]);
    },
  );

  test("says what is wrong with it, and what helps", () => {
    const { events } = run(start(0), mixed("small", 2_000, 0.3, 0.01));
    const summary = events[0]?.kind === "open" ? events[0].text.summary : "";
    expect(summary).toMatch(
      /^In task refund more of what ships is wrong than the 5 % allowed \(\d+ of its last \d+ graded\)\. The limit is of the whole route, so no threshold moves\. .*leadsman tune support --by task/,
    );
  });

  test.each([
    ["truth", null, "task:refund", "page"],
    ["judge", "judge", "judge:task:refund", "notice"],
  ] as const)(
    "the alarm by %s of the whole tier names the worst one, which is not told beside it",
    (by, subject, ofTask, severity) => {
      const wrong = { ...WRONG, ...REFUND, by };
      const right = { ...RIGHT, task: "plans", by };
      const { state, events } = run(run(start(0), repeat(100, right)).state, repeat(8, wrong));
      expect(subjects(events)).toEqual([["open false_confident", subject]]);
      expect(events[0]).toMatchObject({
        text: {
          severity,
          summary: expect.stringMatching(
            /Worst task: refund, \d of its last \d graded are wrong\.$/,
          ) as string,
          facts: { worstTask: "refund" },
        },
      });
      // It is over for the tier before it is for the task, which is told when it goes on.
      const over = run(state, repeat(200, right));
      expect(subjects(over.events)).toEqual([["resolve false_confident", subject]]);
      const quiet = run(over.state, [...repeat(3, wrong), ...repeat(40, right)]);
      expect(quiet.events).toEqual([]);
      const random = createRandom("goes on");
      const goesOn = Array.from({ length: 2_000 }, (_, i): Said => {
        const task = i % 20 === 0 ? "refund" : "plans";
        return { task, by, isWrong: task === "refund" && random() < 0.4 };
      });
      expect(subjects(run(over.state, goesOn).events)).toEqual([["open false_confident", ofTask]]);
    },
  );

  test("an alarm of both is one, also when a threshold is raised for it", () => {
    const { events } = run(start(0), repeat(12, { ...WRONG, ...REFUND }), auto);
    const opened = subjects(events).filter(([what]) => what === "open false_confident");
    expect(new Set(opened.map(([, subject]) => subject))).toEqual(new Set([null]));
    expect(events.some(({ kind }) => kind === "move")).toBe(true);
  });

  test("another model or limit starts them anew, and an alarm that was told goes on", () => {
    const bad = run(start(0), mixed("small", 2_000, 0.3, 0.01)).state;
    const changed = withOpenAlarms(start(0, "haiku-2"), bad);
    expect(changed.tasks?.map(({ task }) => task)).toEqual(["refund"]);
    expect(changed.tasks?.[0]?.truth?.recent).toEqual({ graded: 0, wrong: 0 });
    const after = run(changed, repeat(200, { ...RIGHT, ...REFUND }));
    expect(subjects(after.events)).toEqual([["resolve false_confident", "task:refund"]]);
  });

  test("of what does not ship, or was counted before, no task is told", () => {
    const step = watchVerdict("support", plan, start(0), {
      ...read(0, { ...WRONG, ...REFUND }),
      isFirst: false,
      isFirstDecisive: false,
    });
    expect(step.state.tasks).toEqual([]);
    const stricter = { ...start(0), control: { ...start(0).control, threshold: 0.95 } };
    expect(run(stricter, repeat(9, { ...WRONG, ...REFUND })).state.tasks).toEqual([]);
  });

  test("what was stored before tasks were watched goes on", () => {
    const { tasks: none, ...earlier } = run(start(0), repeat(50, RIGHT)).state;
    expect(none).toEqual([]);
    const { state } = run(earlier, [RIGHT, { ...RIGHT, ...REFUND }]);
    expect(state.truth.graded).toBe(52);
    expect(state.tasks?.map(({ task }) => task)).toEqual(["refund"]);
    expect(run(earlier, [RIGHT]).state).not.toHaveProperty("tasks");
  });
});
