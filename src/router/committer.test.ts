import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { exampleRecord } from "../cascade/examples.fixture.ts";
import { fakeLedger } from "../ledger/fake-ledger.fixture.ts";
import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import { createCommitter, LEDGER_FAILURE_POLICIES } from "./committer.ts";

const ENTRIES: readonly LedgerEntry[] = [{ kind: "request", record: exampleRecord() }];
const TIMEOUT_MS = 2_000;

/** A ledger that can only be written to. */
function writeLedger(append: Ledger["append"]): Ledger {
  return fakeLedger("A committer", { append });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each([...LEDGER_FAILURE_POLICIES])("under the policy %s", (policy) => {
  const unserved = policy === "serve" ? "late" : "refused";

  test("what the ledger commits in time is committed, and no timer is left", async () => {
    const seen: (readonly LedgerEntry[])[] = [];
    const ledger = writeLedger((entries) => {
      seen.push(entries);
      return new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS - 1));
    });
    const committer = createCommitter(ledger, policy, TIMEOUT_MS);
    const outcome = committer.commit(ENTRIES);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS - 1);
    expect(await outcome).toBe("committed");
    expect(seen).toEqual([ENTRIES]);
    expect(vi.getTimerCount()).toBe(0);
    expect(committer.counts()).toEqual({ late: 0, lost: 0 });
  });

  test(`a ledger that is too slow: ${unserved}, and a later commit is no loss`, async () => {
    const written = Promise.withResolvers<undefined>();
    const committer = createCommitter(
      writeLedger(() => written.promise),
      policy,
      TIMEOUT_MS,
    );
    const outcome = committer.commit(ENTRIES);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    expect(await outcome).toBe(unserved);
    expect(committer.counts()).toEqual({ late: 1, lost: 0 });
    written.resolve(undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect(committer.counts()).toEqual({ late: 1, lost: 0 });
  });

  test(`a ledger that rejects at once: ${unserved} without waiting, and lost`, async () => {
    const ledger = writeLedger(() => Promise.reject(new Error("full")));
    const committer = createCommitter(ledger, policy, TIMEOUT_MS);
    expect(await committer.commit(ENTRIES)).toBe(unserved);
    expect(committer.counts()).toEqual({ late: 0, lost: 1 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a ledger that rejects after the client was told: late and lost", async () => {
    const written = Promise.withResolvers<undefined>();
    const committer = createCommitter(
      writeLedger(() => written.promise),
      policy,
      TIMEOUT_MS,
    );
    const outcome = committer.commit(ENTRIES);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    written.reject(new Error("given up"));
    await vi.advanceTimersByTimeAsync(0);
    expect(await outcome).toBe(unserved);
    expect(committer.counts()).toEqual({ late: 1, lost: 1 });
  });

  test("without a ledger everything counts as committed", async () => {
    const committer = createCommitter(null, policy, TIMEOUT_MS);
    expect(await committer.commit(ENTRIES)).toBe("committed");
    expect(committer.counts()).toEqual({ late: 0, lost: 0 });
  });
});
