import { expect, test } from "vitest";
import type { LedgerEntry } from "../../ledger/ledger.ts";
import type { Job } from "../../ledger/records/job.ts";
import { createManualClock } from "../../support/clock.ts";
import { sleep } from "../../support/sleep.ts";
import type { JobHandler, JobResult } from "./job-handler.ts";
import { backoffMs, MAX_TRIES, startJobWorker, type JobWorker } from "./job-worker.ts";

const NOW_MS = 1_000;
const never = new AbortController().signal;

/** A worker over a list of jobs, each handed out once, and what it wrote. */
function work(
  jobs: readonly Partial<Job>[],
  run: JobHandler["run"],
  { maxConcurrent = 2, ...schedule }: Partial<JobHandler> = {},
): {
  readonly worker: JobWorker;
  readonly written: (readonly LedgerEntry[])[];
  readonly errors: unknown[];
  /** How long the jobs were asked for. */
  readonly leases: Set<number>;
} {
  const waiting = jobs.map(jobOf);
  const written: (readonly LedgerEntry[])[] = [];
  const errors: unknown[] = [];
  const leases = new Set<number>();
  const worker = startJobWorker({
    ledger: {
      append: (entries) => {
        written.push(entries);
        return Promise.resolve();
      },
      leaseJobs: (_kinds, limit, leaseMs) => {
        leases.add(leaseMs);
        return Promise.resolve(waiting.splice(0, limit));
      },
    },
    handlers: [{ kind: "judge", maxConcurrent, ...schedule, run }],
    clock: createManualClock(NOW_MS),
    pollMs: 1,
    onError: (error) => errors.push(error),
  });
  return { worker, written, errors, leases };
}

function jobOf(changes: Partial<Job>, index: number): Job {
  return {
    id: `job_${String(index)}`,
    kind: "judge",
    route: "support",
    itemId: "item",
    payload: "{}",
    createdAtMs: 0,
    dueAtMs: 0,
    tries: 1,
    state: "waiting",
    lastError: null,
    ...changes,
  };
}

const failed = (mayRetry: boolean): JobResult => ({
  state: "failed",
  error: "overloaded",
  mayRetry,
  entries: [],
});

test("what a job yields and its end are one commit, under the lease it was given", async () => {
  const entry: LedgerEntry = { kind: "retraction", gradeId: "g", atMs: 1 };
  const { worker, written } = work([{ tries: 3 }], () =>
    Promise.resolve({ state: "done", entries: [entry] }),
  );
  await expect.poll(() => written.length).toBe(1);
  await worker.stop(never);
  expect(written).toEqual([
    [entry, { kind: "job_end", jobId: "job_0", tries: 3, end: { state: "done" } }],
  ]);
});

test("a handler says how long its jobs stay with it, and they are told to stop before that", async () => {
  const { worker, written, leases } = work(
    [{}],
    (_job, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          resolve(failed(true));
        });
      }),
    { leaseMs: 50 },
  );
  await expect.poll(() => written.length).toBe(1);
  await worker.stop(never);
  expect([...leases]).toEqual([50]);
});

test.each<[string, Partial<Job>, JobResult, object]>([
  [
    "waits for longer after each failure",
    { tries: 2 },
    failed(true),
    { state: "waiting", error: "overloaded", dueAtMs: NOW_MS + backoffMs(2) },
  ],
  ["is given up when trying cannot help", {}, failed(false), { state: "given_up" }],
  ["is given up in the end", { tries: MAX_TRIES }, failed(true), { state: "given_up" }],
])("a job %s", async (_, job, result, end) => {
  const { worker, written } = work([job], () => Promise.resolve(result));
  await expect.poll(() => written.length).toBe(1);
  await worker.stop(never);
  expect(written[0]).toMatchObject([{ kind: "job_end", end }]);
});

test("a handler may say when to try again, and how often at most", async () => {
  const jobs = [{ tries: 7 }, { tries: 8 }, { tries: 9 }];
  let runs = 0;
  const later: JobHandler["run"] = () => {
    runs += 1;
    return Promise.resolve({ ...failed(true), dueAtMs: 77 });
  };
  const { worker, written } = work(jobs, later, { maxTries: 8, maxConcurrent: 1 });
  await expect.poll(() => written.length).toBe(3);
  await worker.stop(never);
  expect(written.flat()).toMatchObject([
    { end: { state: "waiting", error: "overloaded", dueAtMs: 77 } },
    { end: { state: "given_up", error: "overloaded" } },
    { end: { state: "given_up", error: "worker_died" } },
  ]);
  expect(runs).toBe(2);
});

test("a job whose workers keep dying is given up without another try", async () => {
  let runs = 0;
  const { worker, written } = work([{ tries: MAX_TRIES + 1 }], () => {
    runs += 1;
    return Promise.resolve(failed(true));
  });
  await expect.poll(() => written.length).toBe(1);
  await worker.stop(never);
  expect(runs).toBe(0);
  expect(written[0]).toMatchObject([{ end: { state: "given_up", error: "worker_died" } }]);
});

test("a handler that throws is told of, and its job tried again", async () => {
  const { worker, written, errors } = work([{}], () => Promise.reject(new Error("oh")));
  await expect.poll(() => written.length).toBe(1);
  await worker.stop(never);
  expect(errors).toMatchObject([{ message: "oh" }]);
  expect(written[0]).toMatchObject([{ end: { state: "waiting", error: "handler_failed" } }]);
});

test("no more jobs are under way than may be, and all are done", async () => {
  let running = 0;
  let most = 0;
  const { worker, written } = work(new Array<object>(9).fill({}), async () => {
    running += 1;
    most = Math.max(most, running);
    await sleep(1);
    running -= 1;
    return { state: "done", entries: [] };
  });
  await expect.poll(() => written.length).toBe(9);
  await worker.stop(never);
  expect(most).toBe(2);
});

test("what is under way at the deadline of a stop goes back for another time", async () => {
  const { worker, written } = work([{}, {}, {}], (_job, signal) =>
    sleep(60_000, signal).then(() => failed(true)),
  );
  await expect.poll(() => worker.count()).toBe(2);
  await worker.stop(AbortSignal.abort());
  expect(written).toHaveLength(2);
  expect(written.flat()).toMatchObject([
    { end: { state: "waiting", error: "interrupted", dueAtMs: NOW_MS } },
    { end: { state: "waiting" } },
  ]);
  expect(worker.count()).toBe(0);
});
