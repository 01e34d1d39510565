import { expect, test } from "vitest";
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
}

function read(tier: number, { isWrong, by = "truth" }: Said): ReadVerdict {
  return {
    ...{ sequence: 1, tier, model: "haiku", promptHash: "p1", by },
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
