import type { NanoUsd } from "../catalogue/cost.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Clock } from "../support/clock.ts";

/** A call that nobody waits for. */
export interface BackgroundCall {
  readonly route: string;
  /** Bytes kept in memory until it has run: the limit counts them. */
  readonly bytes: number;
  /**
   * Daily cap of the route in US dollars; null = none. What a call costs is known when it has ended,
   * so the cap can be overshot by the calls under way when it is reached.
   */
  readonly usdPerDay: number | null;
  /** Runs it; resolves with what it cost, null = unpriced. Must not reject. */
  run(signal: AbortSignal): Promise<NanoUsd | null>;
  /** Told instead of `run` when the call will not be made. */
  giveUp(reason: "over_budget" | "over_capacity"): Promise<void>;
}

/** Runs background calls within bounds of count, bytes and money. */
export interface BackgroundCalls {
  add(call: BackgroundCall): void;
  /** Counts something that was started elsewhere until it ends. Must not reject. */
  track(work: Promise<void>): void;
  /** Under way or waiting. */
  count(): number;
  /** Takes no more calls; resolves when all have ended or the signal is aborted. */
  drain(signal: AbortSignal): Promise<void>;
}

export interface BackgroundLimits {
  /** Calls at a time. Default 32. */
  readonly maxConcurrent: number;
  /** Bytes of waiting calls. Default 64 MiB. */
  readonly maxQueuedBytes: number;
}

export const DEFAULT_BACKGROUND_LIMITS: BackgroundLimits = {
  maxConcurrent: 32,
  maxQueuedBytes: 64 * 1024 * 1024,
};

const DAY_MS = 86_400_000;

export function createBackgroundCalls(
  ledger: Ledger | null,
  clock: Clock,
  limits: BackgroundLimits,
): BackgroundCalls {
  const waiting: BackgroundCall[] = [];
  const budget = createDailyBudget(ledger, clock);
  const stop = new AbortController();
  let queuedBytes = 0;
  let running = 0;
  let isClosed = false;
  let whenIdle: () => void = () => undefined;

  function add(call: BackgroundCall): void {
    if (isClosed || queuedBytes + call.bytes > limits.maxQueuedBytes) {
      track(call.giveUp("over_capacity"));
      return;
    }
    waiting.push(call);
    queuedBytes += call.bytes;
    startNext();
  }
  function startNext(): void {
    while (running < limits.maxConcurrent) {
      const call = waiting.shift();
      if (call === undefined) break;
      queuedBytes -= call.bytes;
      track(runWithinBudget(call));
    }
    if (running === 0) whenIdle();
  }
  function track(work: Promise<void>): void {
    running += 1;
    void work.finally(() => {
      running -= 1;
      startNext();
    });
  }
  async function runWithinBudget(call: BackgroundCall): Promise<void> {
    // A ledger that cannot be asked cannot hold a budget either.
    if (!(await budget.allows(call.route, call.usdPerDay).catch(() => false))) {
      await call.giveUp("over_budget");
      return;
    }
    budget.spend(call.route, await call.run(stop.signal));
  }

  return {
    add,
    track,
    count: () => running + waiting.length,
    async drain(signal) {
      isClosed = true;
      if (running + waiting.length === 0) return;
      await new Promise<void>((resolve) => {
        whenIdle = resolve;
        const giveRestUp = (): void => {
          for (const call of waiting.splice(0)) track(call.giveUp("over_capacity"));
          stop.abort();
          resolve();
        };
        if (signal.aborted) giveRestUp();
        else signal.addEventListener("abort", giveRestUp, { once: true });
      });
    },
  };
}

/**
 * Knows what background calls of a route have cost in a UTC day. The ledger is asked again now and
 * then, since others spend of the same cap: judges, and gateways on the same ledger.
 */
interface DailyBudget {
  allows(route: string, usdPerDay: number | null): Promise<boolean>;
  spend(route: string, costNanoUsd: NanoUsd | null): void;
}

/** How old what the ledger said may be. */
const FRESH_MS = 1_000;

interface Spent {
  readonly dayMs: number;
  readonly askedAtMs: number;
  nanoUsd: bigint;
  hasUnpriced: boolean;
}

function createDailyBudget(ledger: Ledger | null, clock: Clock): DailyBudget {
  const spentByRoute = new Map<string, Spent>();

  /** Without a ledger only what was spent here is known. */
  function isFresh({ dayMs, askedAtMs }: Spent, nowDayMs: number): boolean {
    if (dayMs !== nowDayMs) return false;
    return ledger === null || clock.nowMs() - askedAtMs < FRESH_MS;
  }
  async function today(route: string): Promise<Spent> {
    const askedAtMs = clock.nowMs();
    const dayMs = Math.floor(askedAtMs / DAY_MS) * DAY_MS;
    const known = spentByRoute.get(route);
    if (known !== undefined && isFresh(known, dayMs)) return known;
    const stored = await ledger?.backgroundSpend(route, dayMs);
    // Another call may have asked at the same time, and spent since. What was spent here counts
    // although the ledger may not hold it yet.
    const before = spentByRoute.get(route);
    const isToday = before?.dayMs === dayMs;
    const here = isToday ? before.nanoUsd : 0n;
    const held = stored?.costNanoUsd ?? 0n;
    const fresh: Spent = {
      dayMs,
      askedAtMs,
      nanoUsd: here > held ? here : held,
      hasUnpriced: (isToday && before.hasUnpriced) || (stored?.unpricedAttempts ?? 0) > 0,
    };
    spentByRoute.set(route, fresh);
    return fresh;
  }

  return {
    async allows(route, usdPerDay) {
      if (usdPerDay === null) return true;
      const spent = await today(route);
      // A cap in dollars cannot hold what has no price.
      if (spent.hasUnpriced) return false;
      return spent.nanoUsd < BigInt(Math.round(usdPerDay * 1e9));
    },
    spend(route, costNanoUsd) {
      const spent = spentByRoute.get(route);
      if (spent === undefined) return;
      if (costNanoUsd === null) spent.hasUnpriced = true;
      else spent.nanoUsd += costNanoUsd;
    },
  };
}
