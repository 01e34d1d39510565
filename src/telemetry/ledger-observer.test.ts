import { describe, expect, test } from "vitest";
import { exampleRecord } from "../cascade/examples.fixture.ts";
import { fakeLedger } from "../ledger/fake-ledger.fixture.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import { createManualClock } from "../support/clock.ts";
import { observeLedger, type LedgerObserver } from "./ledger-observer.ts";

const ENTRIES: readonly LedgerEntry[] = [{ kind: "request", record: exampleRecord() }];

describe("a ledger that is read along", () => {
  test("tells of entries before they are written, and how long that took", async () => {
    const told: unknown[] = [];
    const clock = createManualClock();
    const ledger = fakeLedger("an observer", {
      append: async () => {
        told.push("written");
        clock.advance(7);
      },
    });
    const observer: LedgerObserver = {
      appending: (entries) => told.push(["appending", entries.length]),
      appended: (_, waitMs) => told.push(["appended", waitMs]),
    };
    await observeLedger(ledger, clock, [observer], fail).append(ENTRIES);
    await Promise.resolve();
    expect(told).toEqual([["appending", 1], "written", ["appended", 7]]);
  });

  test("tells of entries that are lost as well, and lets the failure through", async () => {
    let ends = 0;
    const ledger = fakeLedger("an observer", { append: () => Promise.reject(new Error("full")) });
    const observer: LedgerObserver = {
      appending: () => undefined,
      appended: () => (ends += 1),
    };
    const observed = observeLedger(ledger, createManualClock(), [observer], fail);
    await expect(observed.append(ENTRIES)).rejects.toThrow("full");
    expect(ends).toBe(1);
  });

  test("waits for nothing when no observer asks how long it took", () => {
    const written = Promise.resolve();
    const ledger = fakeLedger("an observer", { append: () => written });
    const observed = observeLedger(ledger, createManualClock(), [{ appending: () => 0 }], fail);
    expect(observed.append(ENTRIES)).toBe(written);
  });

  test("writes on when an observer fails, and says so", async () => {
    let written = 0;
    const errors: unknown[] = [];
    const ledger = fakeLedger("an observer", {
      append: async () => {
        written += 1;
      },
    });
    const observer: LedgerObserver = {
      appending: () => {
        throw new Error("broken");
      },
    };
    await observeLedger(ledger, createManualClock(), [observer], (error) =>
      errors.push(error),
    ).append(ENTRIES);
    expect([written, errors]).toEqual([1, [new Error("broken")]]);
  });
});

function fail(error: unknown): void {
  throw error;
}
