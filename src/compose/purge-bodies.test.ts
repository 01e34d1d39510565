import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createManualClock } from "../support/clock.ts";
import { startBodyPurge } from "./purge-bodies.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("purges at once and every hour what is older than the retention, until it is stopped", () => {
  const clock = createManualClock(100 * DAY_MS);
  const purged: number[] = [];
  const purgeBodies = async (olderThanMs: number): Promise<number> => purged.push(olderThanMs);
  const stop = startBodyPurge({ purgeBodies }, 14, clock, () => undefined);
  for (let hour = 0; hour < 2; hour += 1) {
    clock.advance(HOUR_MS);
    vi.advanceTimersByTime(HOUR_MS);
  }
  stop();
  vi.advanceTimersByTime(10 * HOUR_MS);
  expect(purged).toEqual([86 * DAY_MS, 86 * DAY_MS + HOUR_MS, 86 * DAY_MS + 2 * HOUR_MS]);
});

test("a ledger that fails is told of, and asked again", async () => {
  const troubles: unknown[] = [];
  const purgeBodies = (): Promise<number> => Promise.reject(new Error("disk full"));
  const onError = (error: unknown): unknown => troubles.push(error);
  const stop = startBodyPurge({ purgeBodies }, 14, createManualClock(), onError);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  stop();
  expect(troubles).toEqual([new Error("disk full"), new Error("disk full")]);
});
