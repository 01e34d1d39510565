import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random.ts";
import {
  controlThreshold,
  DWELL_REQUESTS,
  loweringEvidenceNeeded,
  nextLooserRung,
  nextStricter,
  startControl,
  type ControlEvent,
  type ControlPlan,
  type ControlState,
  type ThresholdMove,
} from "./control-threshold.ts";
import { isSuspicious } from "./is-suspicious.ts";
import type { WatchedVerdict } from "./watched-verdict.ts";

const NEVER = 1.01;
const plan: ControlPlan = {
  atMost: 0.05,
  rungs: [0.5, 0.75, 0.8, 0.85, 0.95, NEVER],
  bandShare: 0.05,
  raise: "auto",
  lower: "auto",
};

const verdict = (changes: Partial<WatchedVerdict> = {}): ControlEvent => ({
  kind: "verdict",
  verdict: {
    isWrong: false,
    decision: "shipped",
    confidence: 0.9,
    threshold: 0.8,
    propensity: 0.05,
    leastPropensity: 0.05,
    ...changes,
  },
});
const requests = (count: number): ControlEvent => ({ kind: "requests", count });

function run(
  events: Iterable<ControlEvent>,
  { from = 0.8, with: used = plan }: { from?: number; with?: ControlPlan } = {},
): { state: ControlState; moves: ThresholdMove[] } {
  let state = startControl(used, from);
  const moves: ThresholdMove[] = [];
  for (const event of events) {
    const step = controlThreshold(used, state, event);
    if (step.move !== null) moves.push(step.move);
    state = step.state;
  }
  return { state, moves };
}

function repeat(count: number, event: (i: number) => ControlEvent): ControlEvent[] {
  return Array.from({ length: count }, (_, i) => event(i));
}

describe("rungs", () => {
  test.each([
    [0.8, 0.85],
    [0.78, 0.85],
    [0.95, NEVER],
    [0.97, NEVER],
    [NEVER, null],
  ])("above %s comes %s, so that the least confident answers ship no more", (from, to) => {
    expect(nextStricter(plan, from)).toBe(to);
  });

  test.each([
    [0.8, 0.75],
    [0.95, 0.85],
    [0.75, null],
    [NEVER, 0.95],
  ])("below %s comes %s, if near misses reach down to it", (from, to) => {
    expect(nextLooserRung(plan, from)).toBe(to);
    expect(nextLooserRung({ ...plan, bandShare: 0 }, from)).toBeNull();
  });
});

describe("raising", () => {
  const degraded = repeat(400, (i) => verdict({ isWrong: i % 5 === 0 }));
  test("goes up one rung on an alarm, with the evidence, and starts anew", () => {
    const { moves, state } = run(degraded.slice(0, 60));
    expect(moves).toEqual([
      expect.objectContaining({ direction: "raise", from: 0.8, to: 0.85, isApplied: true }),
    ]);
    expect(moves[0]?.evidence["total"]).toBeGreaterThanOrEqual(2_000);
    expect(state.threshold).toBe(0.85);
  });

  test("ends at the rung that never ships", () => {
    const { moves, state } = run(repeat(2_000, () => verdict({ isWrong: true, confidence: 1 })));
    expect(moves.map(({ to }) => to)).toEqual([0.85, 0.95, NEVER]);
    expect(state.threshold).toBe(NEVER);
  });

  test("only tells, or keeps still, when it is told to", () => {
    const told = run(degraded.slice(0, 60), { with: { ...plan, raise: "alert" } });
    expect(told.moves).toEqual([expect.objectContaining({ to: 0.85, isApplied: false })]);
    expect(told.state.threshold).toBe(0.8);
    expect(run(degraded, { with: { ...plan, raise: "off" } }).moves).toEqual([]);
  });

  test("counts no answer that would not ship now, and none that escalated", () => {
    const events = repeat(500, (i) =>
      i % 2 === 0
        ? verdict({ isWrong: true, confidence: 0.77, threshold: 0.75 })
        : verdict({ isWrong: true, confidence: 0.78, decision: "escalated" }),
    );
    const { moves, state } = run(events);
    expect(moves).toEqual([]);
    expect(state.gradedSinceMove).toBe(0);
  });

  test("looks closer when errors gather, and no more when they cease", () => {
    const { state } = run(repeat(4, () => verdict({ isWrong: true })));
    expect(isSuspicious(state)).toBe(true);
    const after = repeat(60, () => verdict()).reduce(
      (before, event) => controlThreshold(plan, before, event).state,
      state,
    );
    expect(isSuspicious(after)).toBe(false);
  });

  test.each([1, 0.25, 0.05])(
    "does not look closer at traffic that is well and weighs %d",
    (weight) => {
      const random = createRandom(`weights of ${String(weight)}`);
      let state = startControl(plan, 0.8);
      let suspicious = 0;
      for (let i = 0; i < 20_000; i += 1) {
        const isWrong = random() < 0.02;
        const event = verdict({ isWrong, leastPropensity: 0.05 * weight });
        const step = controlThreshold(plan, state, event);
        expect(step.move).toBeNull();
        state = step.state;
        if (isSuspicious(state)) suspicious += 1;
      }
      expect(suspicious / 20_000).toBeLessThan(0.15);
    },
  );

  test.each([0.25, 0.05])("looks closer before it raises when verdicts weigh %d", (weight) => {
    let state = startControl(plan, 0.8);
    let suspiciousAfter = Infinity;
    for (let i = 0; i < 1_000; i += 1) {
      const event = verdict({ isWrong: true, leastPropensity: 0.05 * weight });
      const step = controlThreshold(plan, state, event);
      if (step.move !== null) {
        expect(suspiciousAfter).toBeLessThan(i);
        return;
      }
      state = step.state;
      if (isSuspicious(state)) suspiciousAfter = Math.min(suspiciousAfter, i);
    }
    expect.fail("nothing was raised");
  });
});

describe("lowering", () => {
  const fine = [requests(DWELL_REQUESTS), ...repeat(200, () => verdict())];

  test("needs a proof about the looser rung, and then goes down one", () => {
    const { moves, state } = run(fine);
    expect(moves[0]).toMatchObject({ direction: "lower", from: 0.8, to: 0.75, isApplied: true });
    expect(moves[0]?.evidence["logEvidence"]).toBeGreaterThanOrEqual(Math.log(2 / 0.05));
    expect(state.lowerings).toBe(1);
    expect(loweringEvidenceNeeded(state)).toBeCloseTo(Math.log(6 / 0.05), 12);
  });

  test("below a certified threshold has to keep the promise itself, since more ships there", () => {
    // 3 % wrong is proved to be within 10 %, and not within 5 %.
    const events = [
      requests(DWELL_REQUESTS),
      ...repeat(200, (i) => verdict({ isWrong: i % 33 === 32 })),
    ];
    const joint: ControlPlan = { ...plan, atMost: 0.1, raise: "off" };
    const moves = (below: ControlPlan["below"]): readonly ThresholdMove[] =>
      run(events, { with: { ...joint, below: below ?? null } }).moves;
    expect(moves(null)).toMatchObject([{ to: 0.75, evidence: { atMost: 0.1 } }]);
    expect(moves({ threshold: 0.75, atMost: 0.05 })).toMatchObject([{ to: 0.75 }]);
    expect(moves({ threshold: 0.8, atMost: 0.05 })).toEqual([]);
    const all = [requests(DWELL_REQUESTS), ...repeat(400, () => verdict())];
    const { moves: proved } = run(all, {
      with: { ...joint, below: { threshold: 0.8, atMost: 0.05 } },
    });
    expect(proved[0]).toMatchObject({ to: 0.75, evidence: { atMost: 0.05 } });
  });

  test("begins anew where what was gathered was held against another limit", () => {
    const joint: ControlPlan = { ...plan, atMost: 0.1 };
    const some = run(
      repeat(50, () => verdict()),
      { with: joint },
    ).state;
    const below = { threshold: 0.8, atMost: 0.05 };
    const next = controlThreshold({ ...joint, below }, some, requests(1)).state;
    expect([some.gradedForLowering, next.gradedForLowering]).toEqual([50, 0]);
  });

  test("waits until the threshold has stood for a while", () => {
    const { moves } = run([requests(DWELL_REQUESTS - 1), ...repeat(400, () => verdict())]);
    expect(moves).toEqual([]);
  });

  test("is told once when it is only to be told", () => {
    const { moves, state } = run([...fine, ...fine], { with: { ...plan, lower: "alert" } });
    expect(moves).toEqual([expect.objectContaining({ to: 0.75, isApplied: false })]);
    expect(state.threshold).toBe(0.8);
  });

  test("rests on no answer from a time when near misses did not reach down to the rung", () => {
    const late = repeat(400, () => verdict({ threshold: 0.9, confidence: 0.95 }));
    expect(run([requests(DWELL_REQUESTS), ...late]).moves).toEqual([]);
  });

  test("takes answers that nobody could judge for wrong", () => {
    const undecided = repeat(400, () => verdict({ isWrong: null }));
    const { state, moves } = run([requests(DWELL_REQUESTS), ...undecided]);
    expect(moves).toEqual([]);
    expect(state.gradedForLowering).toBe(400);
  });

  test("begins anew after 120,000 requests, and when the next rung is another", () => {
    const { state } = run([...repeat(50, () => verdict()), requests(120_000)]);
    expect(state.gradedForLowering).toBe(0);
    const some = run(repeat(50, () => verdict())).state;
    const other = { ...plan, rungs: [0.78, 0.8, 0.95, NEVER] };
    const next = controlThreshold(other, some, requests(1)).state;
    expect({ to: next.nextLooser, graded: next.gradedForLowering }).toEqual({
      to: 0.78,
      graded: 0,
    });
  });

  test("from the rung that never ships rests on near misses alone", () => {
    const near = repeat(400, () =>
      verdict({ decision: "escalated", confidence: 0.95, threshold: NEVER }),
    );
    const { moves } = run([requests(DWELL_REQUESTS), ...near], { from: NEVER });
    expect(moves[0]).toMatchObject({ from: NEVER, to: 0.95 });
  });

  test("at the limit is unsafe in few of many runs, however often it is looked at", () => {
    let unsafe = 0;
    for (let seed = 0; seed < 200; seed += 1) {
      const random = createRandom(`lowering ${String(seed)}`);
      const events = repeat(600, () => verdict({ isWrong: random() < 0.05 }));
      const { moves } = run([requests(DWELL_REQUESTS), ...events], {
        with: { ...plan, raise: "off" },
      });
      if (moves.some(({ direction }) => direction === "lower")) unsafe += 1;
    }
    expect(unsafe).toBeLessThanOrEqual(10);
  });
});

test("goes on from storage as if nothing had happened", () => {
  const events = [
    requests(DWELL_REQUESTS),
    ...repeat(60, (i) => verdict({ isWrong: i % 9 === 0, propensity: 0.05 + (i % 3) / 10 })),
  ];
  const stored = events.reduce(
    (state: ControlState, event) => {
      const copy = JSON.parse(JSON.stringify(state)) as ControlState;
      return controlThreshold(plan, copy, event).state;
    },
    startControl(plan, 0.8),
  );
  expect(stored).toEqual(run(events).state);
  expect(JSON.stringify(stored).length).toBeLessThan(1_000);
});

/** What traffic states: a fifth of what is at 0.75 or above lies below 0.8. */
const STATED = [
  { confidence: 0.75, triages: 200 },
  { confidence: 0.8, triages: 300 },
  { confidence: 0.95, triages: 500 },
];

test("shipped answers alone vouch for nothing that would newly ship", () => {
  const asked = { ...plan, stated: STATED };
  const shipped = repeat(6_000, (i) =>
    i % 3 === 0
      ? { kind: "requests", count: 20 }
      : verdict({ decision: "shipped", confidence: 0.9, threshold: 0.8, propensity: 0.05 }),
  );
  expect(run(shipped).moves.length).toBeGreaterThan(0);
  expect(run(shipped, { with: asked }).moves).toEqual([]);
  const both = shipped.map((event, i) =>
    i % 6 === 1
      ? verdict({ decision: "escalated", confidence: 0.75, threshold: 0.8, propensity: 0.05 })
      : event,
  );
  expect(run(both, { with: asked }).moves).toMatchObject([
    { direction: "lower", from: 0.8, to: 0.75 },
  ]);
});
