import { describe, expect, test } from "vitest";
import { createRandom, type Random } from "../support/random.ts";
import {
  clearRate,
  createStormWatch,
  WHOLE_ROUTE,
  type StormEvent,
  type StormObservation,
  type StormWatch,
  type StoredStorms,
} from "./storm-watch.ts";

let bodies = 0;

function observation(changes: Partial<StormObservation> = {}): StormObservation {
  bodies += 1;
  return {
    ...{ atMs: 1_000_000 + bodies, bodyHash: `body ${String(bodies)}`, classes: [] },
    ...{ cause: null, model: "haiku-1", promptHash: "p1", threshold: 0.8 },
    ...changes,
  };
}

/** Traffic of two tasks; `rates` of escalation. */
function* traffic(
  random: Random,
  count: number,
  rates: { readonly refund: number; readonly other: number },
  changes: Partial<StormObservation> = {},
): Generator<StormObservation> {
  for (let i = 0; i < count; i += 1) {
    const task = random() < 0.3 ? "refund" : "other";
    const cause = random() < rates[task] ? "low_confidence" : null;
    const classes = [`task:${task}`, "length:short", random() < 0.8 ? "turns:single" : "turns:few"];
    yield observation({ classes, cause, ...(cause === null ? {} : changes) });
  }
}

function escalated(): StormObservation {
  return observation({ cause: "low_confidence" });
}

function masses(watch: StormWatch, name: string): number | null {
  const of = watch.store().classes[name]?.masses;
  return of === undefined ? null : of.reduce((sum, mass) => sum + mass, 0);
}

function run(watch: StormWatch, observations: Iterable<StormObservation>): readonly StormEvent[] {
  return [...observations].flatMap((one) => watch.observe(one));
}

/** From the reference `storm_sr` of the method: 6,644 after 40 requests, 198,512 after 60. */
function alarmsOfReference(watch: StormWatch): readonly number[] {
  const alarms: number[] = [];
  for (let i = 1; i <= 80; i += 1) {
    const cause = i % 3 === 0 ? null : "low_confidence";
    if (watch.observe(observation({ cause })).length > 0) alarms.push(i);
  }
  return alarms;
}

test("alarms where the reference exceeds the level", () => {
  const [first = 0, ...others] = alarmsOfReference(createStormWatch(0.35, null, 198_500));
  expect(first).toBeGreaterThan(50);
  expect(first).toBeLessThanOrEqual(60);
  expect(others).toEqual([]);
});

test("a class has to reach the level of all classes together", () => {
  const [first = 0] = alarmsOfReference(createStormWatch(0.35, null));
  expect(first).toBeGreaterThan(60);
  expect(first).toBeLessThan(80);
});

test("a state stored when 100,000 sufficed goes on against the present level", () => {
  const before = createStormWatch(0.35, null, 100_000);
  // Each one brings at most 2.7 times as much, so the level is not jumped over.
  while ((masses(before, WHOLE_ROUTE) ?? 0) < 36_000) before.observe(escalated());
  const watch = createStormWatch(0.35, JSON.parse(JSON.stringify(before.store())) as StoredStorms);
  expect(watch.store()).toEqual(before.store());
  expect(run(watch, [escalated(), escalated()])).toEqual([]);
  expect(masses(watch, WHOLE_ROUTE)).toBeGreaterThan(200_000);
  expect(run(watch, [escalated(), escalated()])).toHaveLength(1);
});

test("a class of no known property is not counted", () => {
  const watch = createStormWatch(0.35, null);
  run(watch, [observation({ classes: ["taste:bitter", "task:refund"] })]);
  expect(Object.keys(watch.store().classes)).toEqual([WHOLE_ROUTE, "task:refund"]);
});

describe("a storm", () => {
  test("in one class is told once, by its name, and once when it is over", () => {
    const random = createRandom("one class");
    const watch = createStormWatch(0.35, null);
    const healthy = { refund: 0.2, other: 0.2 };
    expect(run(watch, traffic(random, 2_000, healthy))).toEqual([]);
    const stormy = run(watch, traffic(random, 2_000, { refund: 0.9, other: 0.2 }));
    expect(stormy).toEqual([
      expect.objectContaining({
        kind: "opened",
        subject: "task:refund",
        suspect: "confidence_collapse",
      }),
    ]);
    const [opened] = stormy;
    if (opened?.kind === "opened") {
      expect(opened.escalated / opened.requests).toBeGreaterThan(0.6);
      expect(opened.interval.low).toBeGreaterThan(0.35);
    }
    expect([...watch.open()]).toEqual(["task:refund"]);
    const after = run(watch, traffic(random, 2_000, healthy));
    expect(after).toEqual([expect.objectContaining({ kind: "cleared", subject: "task:refund" })]);
    expect(watch.open().size).toBe(0);
  });

  test("in one class is told by its name when its requests come in bursts", () => {
    const random = createRandom("bursts");
    const watch = createStormWatch(0.35, null);
    run(watch, traffic(random, 500, { refund: 0.1, other: 0.1 }));
    const burst = (task: string, rate: number): StormObservation[] =>
      Array.from({ length: 20 }, () =>
        observation({
          classes: [`task:${task}`, "length:short"],
          cause: random() < rate ? "low_confidence" : null,
        }),
      );
    const bursts = Array.from({ length: 20 }, () => [
      ...burst("other", 0.1),
      ...burst("refund", 0.9),
    ]);
    const events = run(watch, bursts.flat());
    expect(events.map(({ kind, subject }) => [kind, subject])).toEqual([["opened", "task:refund"]]);
  });

  test("of everything is told of the route and of no part of it", () => {
    const random = createRandom("everything");
    const watch = createStormWatch(0.35, null);
    run(watch, traffic(random, 2_000, { refund: 0.2, other: 0.2 }));
    const events = run(watch, traffic(random, 2_000, { refund: 0.7, other: 0.7 }));
    expect(events.map(({ kind, subject }) => [kind, subject])).toEqual([["opened", WHOLE_ROUTE]]);
  });

  test.each([
    ["model_errors", { cause: "model_errors" }],
    ["unreadable_verdicts", { cause: "unreadable_verdicts" }],
    ["confidence_collapse", { cause: "low_confidence" }],
    ["model_change", { model: "haiku-2" }],
    ["prompt_change", { promptHash: "p2" }],
    ["threshold_raise", { threshold: 0.9 }],
  ] as const)("suspects %s", (suspect, changes) => {
    const random = createRandom(suspect);
    const watch = createStormWatch(0.35, null);
    run(watch, traffic(random, 1_000, { refund: 0.25, other: 0.25 }));
    const events = run(watch, traffic(random, 300, { refund: 0.8, other: 0.8 }, changes));
    expect(events).toEqual([expect.objectContaining({ suspect })]);
  });
});

test("healthy classes are quiet for long", () => {
  const random = createRandom("healthy");
  const watch = createStormWatch(0.35, null);
  expect(run(watch, traffic(random, 20_000, { refund: 0.28, other: 0.28 }))).toEqual([]);
});

test("a burst of repeats is one request, and a new one after ten minutes", () => {
  const watch = createStormWatch(0.35, null);
  const again = { bodyHash: "same", cause: "low_confidence" } as const;
  const burst = Array.from({ length: 500 }, () => observation({ ...again, atMs: 5 }));
  expect(run(watch, burst)).toEqual([]);
  watch.observe(observation({ ...again, atMs: 600_005 }));
  expect(watch.store().classes[WHOLE_ROUTE]?.window).toBe("11");
});

test("a body is no repeat of what came before the clock was set back", () => {
  const watch = createStormWatch(0.35, null);
  const again = { bodyHash: "same", cause: "low_confidence" } as const;
  for (const atMs of [7_200_000, 1_000, 2_000]) watch.observe(observation({ ...again, atMs }));
  expect(watch.store().classes[WHOLE_ROUTE]?.window).toBe("11");
});

test("a class that nobody asks for any more is no storm after a day", () => {
  const watch = createStormWatch(0.35, null);
  const all = Array.from({ length: 40 }, () => observation({ cause: "model_errors", atMs: 7 }));
  expect(run(watch, all)).toHaveLength(1);
  expect(watch.expire(86_400_000)).toEqual([]);
  expect(watch.expire(86_400_008)).toEqual([
    expect.objectContaining({ kind: "cleared", subject: WHOLE_ROUTE, isIdle: true }),
  ]);
});

test("goes on from storage as if nothing had happened, in the middle of a storm too", () => {
  const rates = { refund: 0.9, other: 0.2 };
  const events = [...traffic(createRandom("storage"), 1_500, rates)];
  events.push(...traffic(createRandom("after"), 1_500, { refund: 0.1, other: 0.2 }));
  const whole = createStormWatch(0.35, null);
  const told = run(whole, events);
  expect(told.length).toBe(2);
  let parts = createStormWatch(0.35, null);
  const toldInParts: StormEvent[] = [];
  for (let from = 0; from < events.length; from += 100) {
    const stored = JSON.parse(JSON.stringify(parts.store())) as StoredStorms;
    parts = createStormWatch(0.35, stored);
    toldInParts.push(...run(parts, events.slice(from, from + 100)));
  }
  expect(toldInParts).toEqual(told);
  expect(parts.store()).toEqual(whole.store());
});

test("the order of requests of other classes does not matter to a class", () => {
  const one = [...traffic(createRandom("order"), 300, { refund: 0.3, other: 0.3 })];
  const isRefund = ({ classes }: StormObservation): boolean => classes[0] === "task:refund";
  const sorted = [...one.filter(isRefund), ...one.filter((each) => !isRefund(each))];
  const [as, apart] = [one, sorted].map((observations) => {
    const watch = createStormWatch(0.35, null);
    run(watch, observations);
    return watch.store().classes["task:refund"]?.masses;
  });
  expect(as).toEqual(apart);
});

test("clears five points below the limit, or a fifth below a small one", () => {
  expect(clearRate(0.35)).toBeCloseTo(0.3, 12);
  expect(clearRate(0.1)).toBeCloseTo(0.08, 12);
});
