import type { ReplayProgress } from "../datasets/replay/run-replay.ts";
import { formatDuration } from "../reports/format-number.ts";
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
    describe: ({ done, known, spentNanoUsd, pausedMs }, rows) => {
      const parts = [`${formatUsd(spentNanoUsd)} spent`];
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
