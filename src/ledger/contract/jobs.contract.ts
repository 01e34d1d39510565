import { expect, test } from "vitest";
import type { Ledger, LedgerEntry } from "../ledger.ts";
import type { Job, JobEnd } from "../records/job.ts";
import { withLedger } from "./ledger-place.fixture.ts";
import type { MakePlace } from "./ledger-place.fixture.ts";
import { START_MS } from "./records.fixture.ts";

const LEASE_MS = 60_000;

/** Background work that survives a restart. */
export function describeJobs(makePlace: MakePlace): void {
  test("due jobs are leased oldest first, to one worker at a time, until the lease ends", () =>
    withLedger(makePlace, async (ledger, { clock, open }) => {
      const now = clock.nowMs();
      await ledger.append([
        job("late", { dueAtMs: now + 5_000 }),
        job("second", { dueAtMs: now - 1 }),
        job("first", { dueAtMs: now - 2 }),
        job("other", { kind: "compare", dueAtMs: now - 3 }),
      ]);
      const other = await open();
      const taken = await Promise.all(
        [ledger, other].map((worker) => worker.leaseJobs(["judge"], 1, LEASE_MS)),
      );
      expect(
        taken
          .flat()
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(["first", "second"]);
      expect(await ledger.leaseJobs(["judge"], 9, LEASE_MS)).toEqual([]);
      clock.advance(LEASE_MS + 1);
      const again = await other.leaseJobs(["judge", "compare"], 9, LEASE_MS);
      expect(again.map(({ id }) => id).toSorted()).toEqual(["first", "late", "other", "second"]);
      expect(again.find(({ id }) => id === "first")).toMatchObject({ tries: 2, payload: "{}" });
      await other.close();
    }));

  test("a job ends with its results, comes back when it is to be tried again, and never twice", () =>
    withLedger(makePlace, async (ledger, { clock }) => {
      await ledger.append([job("a"), job("b"), job("c"), job("a", { payload: '{"later":1}' })]);
      expect(await ledger.leaseJobs(["judge"], 9, LEASE_MS)).toHaveLength(3);
      expect(await ledger.job("a")).toMatchObject({ state: "waiting", tries: 1, dueAtMs: 0 });
      expect(await ledger.job("nobody's")).toBeNull();
      const dueAtMs = clock.nowMs() + 1_000;
      await ledger.append([
        jobEnd("a", 1, { state: "done" }),
        jobEnd("b", 1, { state: "given_up", error: "judge_refused" }),
        jobEnd("c", 1, { state: "waiting", error: "http_error", dueAtMs }),
      ]);
      expect(await ledger.job("a")).toMatchObject({ state: "done", payload: "{}" });
      expect(await ledger.job("b")).toMatchObject({
        state: "given_up",
        lastError: "judge_refused",
      });
      expect(await ledger.job("c")).toMatchObject({ state: "waiting", tries: 1, dueAtMs });
      await ledger.append([job("a")]);
      expect(await ledger.leaseJobs(["judge"], 9, LEASE_MS)).toEqual([]);
      clock.advance(1_000);
      expect(await ledger.leaseJobs(["judge"], 9, LEASE_MS)).toMatchObject([
        { id: "c", tries: 2, lastError: "http_error", payload: "{}" },
      ]);
      const counts = await ledger.jobCounts({ route: "support" });
      expect(counts.map(({ state, reason, jobs }) => [state, reason, jobs]).toSorted()).toEqual([
        ["done", null, 1],
        ["given_up", "judge_refused", 1],
        ["waiting", null, 1],
      ]);
    }));

  test("a lease that ran out ends nothing: the job is its new worker's", () =>
    withLedger(makePlace, async (ledger, { clock }) => {
      await ledger.append([job("a")]);
      const [first] = await ledger.leaseJobs(["judge"], 1, LEASE_MS);
      clock.advance(LEASE_MS + 1);
      const [second] = await ledger.leaseJobs(["judge"], 1, LEASE_MS);
      expect([first?.tries, second?.tries]).toEqual([1, 2]);
      await ledger.append([jobEnd("a", 1, { state: "given_up", error: "too_late" })]);
      expect(await stateOf(ledger)).toBe("waiting");
      await ledger.append([jobEnd("a", 1, { state: "waiting", error: "too_late", dueAtMs: 0 })]);
      expect(await ledger.leaseJobs(["judge"], 1, LEASE_MS)).toEqual([]);
      await ledger.append([jobEnd("a", 2, { state: "done" })]);
      expect(await stateOf(ledger)).toBe("done");
    }));
}

async function stateOf(ledger: Ledger): Promise<string | undefined> {
  return (await ledger.jobCounts({}))[0]?.state;
}

function jobEnd(jobId: string, tries: number, end: JobEnd): LedgerEntry {
  return { kind: "job_end", jobId, tries, end };
}

function job(id: string, changes: Partial<Job> = {}): LedgerEntry {
  const fresh: Job = {
    id,
    kind: "judge",
    route: "support",
    itemId: "item_1",
    payload: "{}",
    createdAtMs: START_MS,
    dueAtMs: 0,
    tries: 0,
    state: "waiting",
    lastError: null,
  };
  return { kind: "job", job: { ...fresh, ...changes } };
}
