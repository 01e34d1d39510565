import { describe, expect, test } from "vitest";
import type { NanoUsd } from "../catalogue/cost.ts";
import { fakeLedger } from "../ledger/fake-ledger.fixture.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { BackgroundSpend } from "../ledger/records/traffic-sum.ts";
import { createManualClock } from "../support/clock.ts";
import { createBackgroundCalls, type BackgroundCall } from "./background-calls.ts";

const LIMITS = { maxConcurrent: 2, maxQueuedBytes: 100 };
const DAY_MS = 86_400_000;
const NOON_MS = 20_000 * DAY_MS + DAY_MS / 2;
const USD = 1_000_000_000n;

/** A call that ends when the test says so and remembers what it was told. */
interface HeldCall extends BackgroundCall {
  readonly events: readonly string[];
  readonly signal: () => AbortSignal | null;
  end(cost: NanoUsd | null): Promise<void>;
  endGivingUp(): Promise<void>;
}

function heldCall(
  changes: Partial<Pick<BackgroundCall, "route" | "bytes" | "usdPerDay">> = {},
): HeldCall {
  const running = Promise.withResolvers<NanoUsd | null>();
  const givingUp = Promise.withResolvers<undefined>();
  const events: string[] = [];
  let signal: AbortSignal | null = null;
  return {
    route: "support",
    bytes: 10,
    usdPerDay: null,
    ...changes,
    events,
    signal: () => signal,
    run: (given) => {
      signal = given;
      events.push("run");
      return running.promise;
    },
    giveUp: async (reason) => {
      events.push(reason);
      await givingUp.promise;
    },
    end: (cost) => {
      running.resolve(cost);
      return turn();
    },
    endGivingUp: () => {
      givingUp.resolve(undefined);
      return turn();
    },
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A ledger that can only be asked what was spent. */
function spendLedger(backgroundSpend: Ledger["backgroundSpend"]): Ledger {
  return fakeLedger("Background calls", { backgroundSpend });
}

function spent(costNanoUsd: bigint, unpricedAttempts = 0): () => Promise<BackgroundSpend> {
  return () => Promise.resolve({ costNanoUsd, unpricedAttempts });
}

describe("the bound of count", () => {
  test("no more calls run than may, and the next one starts in order when one ends", async () => {
    const background = createBackgroundCalls(null, createManualClock(), LIMITS);
    const calls = [heldCall(), heldCall(), heldCall(), heldCall()];
    for (const call of calls) background.add(call);
    await turn();
    expect(calls.map(({ events }) => events.length)).toEqual([1, 1, 0, 0]);
    expect(background.count()).toBe(4);

    await calls[1]?.end(0n);
    expect(calls.map(({ events }) => events.length)).toEqual([1, 1, 1, 0]);
    expect(background.count()).toBe(3);
  });

  test("work that was started elsewhere takes a place until it ends", async () => {
    const background = createBackgroundCalls(null, createManualClock(), {
      ...LIMITS,
      maxConcurrent: 1,
    });
    const work = Promise.withResolvers<undefined>();
    background.track(work.promise);
    const call = heldCall();
    background.add(call);
    await turn();
    expect([call.events, background.count()]).toEqual([[], 2]);
    work.resolve(undefined);
    await turn();
    expect([call.events, background.count()]).toEqual([["run"], 1]);
  });
});

describe("the bound of bytes", () => {
  test("what waits may fill it to the byte, and what runs no longer counts", async () => {
    const limits = { maxConcurrent: 1, maxQueuedBytes: 100 };
    const background = createBackgroundCalls(null, createManualClock(), limits);
    const [runs, waits, tooMuch, fits] = [60, 60, 41, 40].map((bytes) => heldCall({ bytes }));
    for (const call of [runs, waits, tooMuch, fits]) if (call) background.add(call);
    await turn();
    const events = [runs, waits, tooMuch, fits].map((call) => call?.events);
    expect(events).toEqual([["run"], [], ["over_capacity"], []]);
  });

  test("a call that alone is larger is given up at once", async () => {
    const background = createBackgroundCalls(null, createManualClock(), LIMITS);
    const call = heldCall({ bytes: 101 });
    background.add(call);
    await turn();
    expect(call.events).toEqual(["over_capacity"]);
  });

  test("a call that is being given up counts until that is done", async () => {
    const background = createBackgroundCalls(null, createManualClock(), LIMITS);
    const call = heldCall({ bytes: 101 });
    background.add(call);
    await turn();
    expect(background.count()).toBe(1);
    await call.endGivingUp();
    expect(background.count()).toBe(0);
  });
});

describe("the bound of money", () => {
  /** Lets the calls run one after the other; tells what each was told. */
  async function eventsOf(
    ledger: Ledger | null,
    costs: readonly (NanoUsd | null)[],
    usdPerDay: number | null = 1,
  ): Promise<readonly string[]> {
    const background = createBackgroundCalls(ledger, createManualClock(NOON_MS), LIMITS);
    const events: string[] = [];
    for (const cost of costs) {
      const call = heldCall({ usdPerDay });
      background.add(call);
      await turn();
      await call.end(cost);
      await call.endGivingUp();
      events.push(...call.events);
    }
    return events;
  }

  test("a route runs until its cap is reached, not until it is passed", async () => {
    const events = await eventsOf(null, [USD - 1n, 1n, 1n]);
    expect(events).toEqual(["run", "run", "over_budget"]);
  });

  test("what the ledger holds of the day counts", async () => {
    expect(await eventsOf(spendLedger(spent(USD - 1n)), [1n, 1n])).toEqual(["run", "over_budget"]);
    expect(await eventsOf(spendLedger(spent(USD)), [1n])).toEqual(["over_budget"]);
  });

  test("a cap of 0 lets nothing run", async () => {
    expect(await eventsOf(null, [0n], 0)).toEqual(["over_budget"]);
  });

  test("a fraction of a cent is a cap like any other", async () => {
    expect(await eventsOf(null, [1_000n, 1n], 0.000_001)).toEqual(["run", "over_budget"]);
  });

  test("what has no price ends the day, in this process and in the ledger", async () => {
    expect(await eventsOf(null, [null, 0n])).toEqual(["run", "over_budget"]);
    expect(await eventsOf(spendLedger(spent(0n, 1)), [0n])).toEqual(["over_budget"]);
  });

  test("without a cap nothing is asked and nothing is held back", async () => {
    const ledger = spendLedger(() => Promise.reject(new Error("asked")));
    expect(await eventsOf(ledger, [null, USD * 1_000n, 1n], null)).toEqual(["run", "run", "run"]);
  });

  test("each route has a budget of its own", async () => {
    const background = createBackgroundCalls(null, createManualClock(), LIMITS);
    const first = heldCall({ usdPerDay: 1 });
    background.add(first);
    await turn();
    await first.end(USD);
    const [same, other] = [heldCall({ usdPerDay: 1 }), heldCall({ route: "b", usdPerDay: 1 })];
    background.add(same);
    background.add(other);
    await turn();
    expect([same.events, other.events]).toEqual([["over_budget"], ["run"]]);
  });

  test("a new UTC day begins with what the ledger holds of it", async () => {
    const asked: [string, number][] = [];
    const ledger = spendLedger((route, sinceMs) => {
      asked.push([route, sinceMs]);
      return Promise.resolve({ costNanoUsd: 0n, unpricedAttempts: 0 });
    });
    const clock = createManualClock(NOON_MS);
    const background = createBackgroundCalls(ledger, clock, LIMITS);
    const told: string[] = [];
    for (const waitMs of [0, 1, DAY_MS / 2 - 2, 1]) {
      clock.advance(waitMs);
      const call = heldCall({ usdPerDay: 1 });
      background.add(call);
      await turn();
      await call.end(USD);
      await call.endGivingUp();
      told.push(...call.events);
    }
    expect(told).toEqual(["run", "over_budget", "over_budget", "run"]);
    const todayMs = NOON_MS - DAY_MS / 2;
    expect(asked).toEqual([
      ["support", todayMs],
      ["support", todayMs],
      ["support", todayMs + DAY_MS],
    ]);
  });

  test("what others spend of the cap is seen within a second", async () => {
    let others = 0n;
    const ledger = spendLedger(() => Promise.resolve({ costNanoUsd: others, unpricedAttempts: 0 }));
    const clock = createManualClock(NOON_MS);
    const background = createBackgroundCalls(ledger, clock, LIMITS);
    const told: string[] = [];
    for (const [spentByOthers, waitMs] of [
      [0n, 0],
      [USD, 999],
      [USD, 1],
    ] as const) {
      others = spentByOthers;
      clock.advance(waitMs);
      const call = heldCall({ usdPerDay: 1 });
      background.add(call);
      await turn();
      await call.end(1n);
      await call.endGivingUp();
      told.push(...call.events);
    }
    expect(told).toEqual(["run", "run", "over_budget"]);
  });

  test("a ledger that cannot be asked lets nothing run, and is asked again", async () => {
    let asked = 0;
    const ledger = spendLedger(() => {
      asked += 1;
      if (asked === 1) return Promise.reject(new Error("away"));
      return Promise.resolve({ costNanoUsd: 0n, unpricedAttempts: 0 });
    });
    expect(await eventsOf(ledger, [0n, 0n])).toEqual(["over_budget", "run"]);
  });
});

describe("draining", () => {
  const never = new AbortController().signal;

  test("ends at once when nothing is under way", async () => {
    const background = createBackgroundCalls(null, createManualClock(), LIMITS);
    await background.drain(never);
    expect(background.count()).toBe(0);
  });

  test("waits for what runs, what waits and what is being given up", async () => {
    const limits = { maxConcurrent: 1, maxQueuedBytes: 100 };
    const background = createBackgroundCalls(null, createManualClock(), limits);
    const [runs, waits, late] = [heldCall(), heldCall(), heldCall()];
    background.add(runs);
    background.add(waits);
    let isDrained = false;
    const drained = background.drain(never).then(() => {
      isDrained = true;
    });
    background.add(late);
    expect(late.events).toEqual(["over_capacity"]);

    await runs.end(0n);
    await late.endGivingUp();
    expect([waits.events, isDrained]).toEqual([["run"], false]);
    await waits.end(0n);
    await drained;
    expect(background.count()).toBe(0);
  });

  test.each([
    ["while it waits", false],
    ["before it began", true],
  ])("gives the rest up when the signal comes %s", async (_when, isEarly) => {
    const limits = { maxConcurrent: 1, maxQueuedBytes: 100 };
    const background = createBackgroundCalls(null, createManualClock(), limits);
    const [runs, waits] = [heldCall(), heldCall()];
    background.add(runs);
    background.add(waits);
    await turn();
    const stop = new AbortController();
    if (isEarly) stop.abort();
    const drained = background.drain(stop.signal);
    if (!isEarly) {
      expect(runs.signal()?.aborted).toBe(false);
      stop.abort();
    }
    await drained;
    expect(runs.signal()?.aborted).toBe(true);
    expect(waits.events).toEqual(["over_capacity"]);
    expect(background.count()).toBe(2);
    await runs.end(0n);
    await waits.endGivingUp();
    expect([waits.events, background.count()]).toEqual([["over_capacity"], 0]);
  });
});
