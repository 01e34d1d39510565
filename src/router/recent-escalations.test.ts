import { describe, expect, test } from "vitest";
import { createManualClock } from "../support/clock.ts";
import { createRecentEscalations } from "./recent-escalations.ts";

describe("recent escalations", () => {
  test("a body is remembered for less than 60 seconds", () => {
    const clock = createManualClock();
    const recent = createRecentEscalations(clock);
    recent.add("a");
    clock.advance(59_999);
    expect([recent.has("a"), recent.has("b")]).toEqual([true, false]);
    clock.advance(1);
    expect(recent.has("a")).toBe(false);
  });

  test("an escalation of the same body counts from anew", () => {
    const clock = createManualClock();
    const recent = createRecentEscalations(clock);
    recent.add("a");
    clock.advance(40_000);
    recent.add("a");
    clock.advance(40_000);
    expect(recent.has("a")).toBe(true);
  });

  test("of more than 20,000 bodies the one that escalated longest ago is forgotten", () => {
    const recent = createRecentEscalations(createManualClock());
    for (let index = 0; index < 20_000; index += 1) recent.add(`body ${index}`);
    expect(recent.has("body 0")).toBe(true);
    recent.add("body 0");
    recent.add("one more");
    const remembered = ["body 0", "body 1", "body 2", "one more"].map((name) => recent.has(name));
    expect(remembered).toEqual([true, false, true, true]);
  });
});
