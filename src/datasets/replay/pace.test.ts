import { describe, expect, test } from "vitest";
import { createManualClock } from "../../support/clock.ts";
import { createPace, limitPauseMs, retryAfterMs } from "./pace.ts";

const NOW_MS = Date.parse("2026-11-23T10:00:00Z");

describe("what upstream asks us to wait", () => {
  test.each([
    [{}, null],
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after": "Mon, 23 Nov 2026 10:00:20 GMT" }, 20_000],
    [{ "retry-after": "Mon, 23 Nov 2026 09:00:00 GMT" }, 0],
    [{ "retry-after": "soon" }, null],
    [{ "retry-after": " " }, null],
    [{ "retry-after": "7", "retry-after-ms": "120" }, 120],
    [{ "retry-after": ["3", "9"] }, 3_000],
  ])("%j is %s ms", (headers, expected) => {
    expect(retryAfterMs(headers, NOW_MS)).toBe(expected);
  });
});

describe("a limit that is used up", () => {
  const limit = (name: string, remaining: string, reset: string) => ({
    [`anthropic-ratelimit-${name}-remaining`]: remaining,
    [`anthropic-ratelimit-${name}-reset`]: reset,
  });

  test.each([
    [limit("requests", "1", "2026-11-23T10:00:30Z"), null],
    [limit("requests", "0", "2026-11-23T10:00:30Z"), 30_000],
    [limit("output-tokens", "0", "2026-11-23T09:59:30Z"), null],
    [limit("input-tokens", "0", "later"), null],
    [
      {
        ...limit("requests", "0", "2026-11-23T10:00:02Z"),
        ...limit("tokens", "0", "2026-11-23T10:00:09Z"),
      },
      9_000,
    ],
  ])("%j", (headers, expected) => {
    expect(limitPauseMs(headers, NOW_MS)).toBe(expected);
  });
});

test("a pause holds for everybody, and a longer one that is on stands", async () => {
  const clock = createManualClock(NOW_MS);
  const slept: number[] = [];
  const pace = createPace(clock, async (ms) => {
    slept.push(ms);
    // Another worker hears of a limit while this one waits.
    if (slept.length === 1) pace.pause(5_000);
    clock.advance(ms);
  });
  pace.pause(2_000);
  pace.pause(1_000);
  expect(pace.pausedMs()).toBe(2_000);
  await pace.ready(new AbortController().signal);
  expect(slept).toEqual([2_000, 3_000]);
  expect(pace.pausedMs()).toBe(0);
});

test("a stop ends the waiting, and a limit's pause is a minute at most", async () => {
  const clock = createManualClock(NOW_MS);
  const pace = createPace(clock, async () => {
    throw new Error("nobody should wait");
  });
  pace.hear({
    "anthropic-ratelimit-requests-remaining": "0",
    "anthropic-ratelimit-requests-reset": "2026-11-24T10:00:00Z",
  });
  expect(pace.pausedMs()).toBe(60_000);
  await pace.ready(AbortSignal.abort());
});
