import type { Ledger } from "../../ledger/ledger.ts";
import type { Job, JobEnd } from "../../ledger/records/job.ts";
import type { Clock } from "../../support/clock.ts";
import type { JobHandler, JobResult } from "./job-handler.ts";

export interface JobWorkerOptions {
  readonly ledger: Pick<Ledger, "append" | "leaseJobs">;
  readonly handlers: readonly JobHandler[];
  readonly clock: Clock;
  /** How often an idle worker looks for jobs, in milliseconds. Default 1,000. */
  readonly pollMs?: number;
  /** How long a job stays with a worker that says nothing more of it. Default 300,000. */
  readonly leaseMs?: number;
  /** Told of what no job can be blamed for: a handler that threw, a ledger that cannot be asked. */
  readonly onError: (error: unknown) => void;
}

/** Takes jobs from the ledger and does them, until it is stopped. */
export interface JobWorker {
  /** Jobs being worked on. */
  count(): number;
  /**
   * Takes no more jobs. Resolves when those in hand have ended; once the signal is aborted they are
   * told to stop and go back for another time.
   */
  stop(signal: AbortSignal): Promise<void>;
}

/** A job that was tried so often is given up, whatever the reason; its last reason is kept. */
export const MAX_TRIES = 5;

const POLL_MS = 1_000;
const LEASE_MS = 300_000;
/** Of the lease; the rest is for the commit, so that no one else has the job before it. */
const WORKING_SHARE = 0.8;

const FIRST_BACKOFF_MS = 5_000;
const BACKOFF_FACTOR = 4;

/** Time until the next try: 5 s, 20 s, 80 s, 320 s. */
export function backoffMs(tries: number): number {
  return FIRST_BACKOFF_MS * BACKOFF_FACTOR ** (tries - 1);
}

/**
 * Starts a worker. Its handlers are asked for work kind by kind, each up to its own limit. Several
 * workers, also of several processes, may share a ledger: a lease is given to one of them.
 */
export function startJobWorker(options: JobWorkerOptions): JobWorker {
  const { ledger, handlers, onError } = options;
  const workerLeaseMs = options.leaseMs ?? LEASE_MS;
  const stopping = new AbortController();
  const running = new Map<string, Set<Promise<void>>>(
    handlers.map(({ kind }) => [kind, new Set<Promise<void>>()]),
  );
  const filling = new Map<string, Promise<void>>();
  let isStopped = false;

  /** Fills a kind's free places, unless that is under way. */
  function fill(handler: JobHandler): void {
    const mine = running.get(handler.kind);
    if (isStopped || mine === undefined || filling.has(handler.kind)) return;
    const work = lease(handler, mine).finally(() => filling.delete(handler.kind));
    filling.set(handler.kind, work);
  }
  async function lease(handler: JobHandler, mine: Set<Promise<void>>): Promise<void> {
    const { kind, maxConcurrent, leaseMs = workerLeaseMs } = handler;
    try {
      while (!isStopped && mine.size < maxConcurrent) {
        const jobs = await ledger.leaseJobs([kind], maxConcurrent - mine.size, leaseMs);
        if (jobs.length === 0) break;
        for (const job of jobs) begin(handler, job, mine);
      }
    } catch (error) {
      // The next poll asks again.
      onError(error);
    }
  }
  function begin(handler: JobHandler, job: Job, mine: Set<Promise<void>>): void {
    const work = finish(options, handler, job, stopping.signal).then(() => {
      mine.delete(work);
      fill(handler);
    });
    mine.add(work);
  }
  const fillAll = (): void => {
    for (const handler of handlers) fill(handler);
  };
  const timer = setInterval(fillAll, options.pollMs ?? POLL_MS);
  timer.unref();
  const inHand = (): readonly Promise<void>[] => [...running.values()].flatMap((set) => [...set]);
  return {
    count: () => inHand().length,
    async stop(signal) {
      isStopped = true;
      clearInterval(timer);
      const interrupt = (): void => {
        stopping.abort();
      };
      if (signal.aborted) interrupt();
      else signal.addEventListener("abort", interrupt, { once: true });
      // Jobs that were being leased when it was stopped are in hand by then.
      await Promise.all(filling.values());
      for (let left = inHand(); left.length > 0; left = inHand()) await Promise.all(left);
      signal.removeEventListener("abort", interrupt);
    },
  };
}

/** Does a job and commits what it yields together with its end. */
async function finish(
  { ledger, clock, onError, ...options }: JobWorkerOptions,
  handler: JobHandler,
  job: Job,
  stop: AbortSignal,
): Promise<void> {
  const leaseMs = handler.leaseMs ?? options.leaseMs ?? LEASE_MS;
  const timeout = AbortSignal.timeout(leaseMs * WORKING_SHARE);
  const result = await attempt(handler, job, AbortSignal.any([timeout, stop]), onError);
  const maxTries = handler.maxTries ?? MAX_TRIES;
  const end = endOf(job, result, maxTries, clock.nowMs(), stop.aborted);
  const { id: jobId, tries } = job;
  // Without its end the lease runs out and the job is done again.
  await ledger.append([...result.entries, { kind: "job_end", jobId, tries, end }]).catch(onError);
}

async function attempt(
  handler: JobHandler,
  job: Job,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<JobResult> {
  // A job that ends its worker each time is counted too.
  if (job.tries > (handler.maxTries ?? MAX_TRIES))
    return failedWith(job.lastError ?? "worker_died");
  try {
    return await handler.run(job, signal);
  } catch (error) {
    onError(error);
    return failedWith("handler_failed");
  }
}

function failedWith(error: string): JobResult {
  return { state: "failed", error, mayRetry: true, entries: [] };
}

/** What the try means for the job. */
function endOf(
  job: Job,
  result: JobResult,
  maxTries: number,
  nowMs: number,
  isInterrupted: boolean,
): JobEnd {
  if (result.state === "done") return { state: "done" };
  const { error, mayRetry, dueAtMs = nowMs + backoffMs(job.tries) } = result;
  if (!mayRetry || job.tries > maxTries) return { state: "given_up", error };
  if (isInterrupted) return { state: "waiting", error: "interrupted", dueAtMs: nowMs };
  if (job.tries === maxTries) return { state: "given_up", error };
  return { state: "waiting", error, dueAtMs };
}
