import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createManualClock } from "../support/clock.ts";
import { startPurge } from "./start-purge.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("purges at once and every hour what is older than its retention, until it is stopped", () => {
  const clock = createManualClock(100 * DAY_MS);
  const texts: number[] = [];
  const jobs: number[] = [];
  const ledger = {
    purgeBodies: async (olderThanMs: number): Promise<number> => texts.push(olderThanMs),
    purgeJobs: async (endedBeforeMs: number): Promise<number> => jobs.push(endedBeforeMs),
  };
  const stop = startPurge(ledger, 14, clock, () => undefined);
  for (let hour = 0; hour < 2; hour += 1) {
    clock.advance(HOUR_MS);
    vi.advanceTimersByTime(HOUR_MS);
  }
  stop();
  vi.advanceTimersByTime(10 * HOUR_MS);
  expect(texts).toEqual([86 * DAY_MS, 86 * DAY_MS + HOUR_MS, 86 * DAY_MS + 2 * HOUR_MS]);
  expect(jobs).toEqual([93 * DAY_MS, 93 * DAY_MS + HOUR_MS, 93 * DAY_MS + 2 * HOUR_MS]);
});

test("a ledger that fails is told of, and asked again", async () => {
  const troubles: unknown[] = [];
  const fail = (): Promise<number> => Promise.reject(new Error("disk full"));
  const onError = (error: unknown): unknown => troubles.push(error);
  const ledger = { purgeBodies: fail, purgeJobs: fail };
  const stop = startPurge(ledger, 14, createManualClock(), onError);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  stop();
  expect(troubles).toEqual(Array.from({ length: 4 }, () => new Error("disk full")));
});
