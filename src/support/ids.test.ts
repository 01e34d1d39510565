import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createManualClock } from "./clock.ts";
import { createIdSource } from "./ids.ts";

describe("ids", () => {
  test("sort by the time they were made, and say what they name", () => {
    const clock = createManualClock(1_700_000_000_000);
    const nextId = createIdSource("req_", clock, randomBytes);
    const ids: string[] = [];
    for (let i = 0; i < 50; i += 1) {
      ids.push(nextId());
      clock.advance(1);
    }
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  test("never repeat, across refills of the pool of random bytes", () => {
    const nextId = createIdSource("", createManualClock(), randomBytes);
    const ids = new Set(Array.from({ length: 5_000 }, nextId));
    expect(ids.size).toBe(5_000);
  });
});
