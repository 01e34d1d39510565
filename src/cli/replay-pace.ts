import type { AwaitedRequests, ReplayProgress } from "../datasets/replay/run-replay.ts";
import { counted, formatDuration } from "../reports/format-number.ts";
import { formatUsd } from "../reports/format-usd.ts";

/** Puts money, rate and remaining time of a run into words. */
export interface ReplayPace {
  describe(progress: ReplayProgress, rows: number): string;
}

/** A rate from fewer rows is no forecast. */
const MIN_ROWS = 3;
const MINUTE_MS = 60_000;

/** @param nowMs milliseconds from any start */
export function createReplayPace(nowMs: () => number): ReplayPace {
  const startedMs = nowMs();
  return {
    describe: ({ done, known, spentNanoUsd, pausedMs, awaited }, rows) => {
      const parts = [`${formatUsd(spentNanoUsd)} spent`];
      if (awaited !== null) return [...parts, describeAwaited(awaited)].join(" · ");
      const asked = done - known;
      const rowMs = asked < MIN_ROWS ? null : (nowMs() - startedMs) / asked;
      if (rowMs !== null && rowMs > 0) {
        parts.push(`${(MINUTE_MS / rowMs).toFixed(0)} rows/min`);
        if (done < rows) parts.push(`${formatDuration(rowMs * (rows - done))} left`);
      }
      if (pausedMs > 0) parts.push(`waiting ${formatDuration(pausedMs)} for the rate limit`);
      return parts.join(" · ");
    },
  };
}

/** Tells on a stream without a moving line what is asked in batches, each time that changes. */
export function createAwaitedNotes(
  note: (line: string) => void,
): (progress: ReplayProgress) => void {
  let told = 0;
  return ({ awaited, spentNanoUsd }) => {
    const requests = awaited?.requests ?? 0;
    if (awaited !== null && requests !== told) {
      note(`  ${describeAwaited(awaited)} · ${formatUsd(spentNanoUsd)} spent`);
    }
    told = requests;
  };
}

/** How long a batch takes is upstream's to choose, so nothing is forecast. */
function describeAwaited({ batches, requests }: AwaitedRequests): string {
  if (batches === 0) return "nothing under way";
  return `${counted(requests, "request")} under way in ${counted(batches, "batch", "batches")}`;
}
