import type { RequestRecord } from "../cascade/receipt.ts";
import type { Clock } from "../support/clock.ts";
import type { CliIo } from "./cli-io.ts";
import { createPaint } from "./paint.ts";
import { requestLine } from "./request-line.ts";

/** Tells of requests as they end. */
export interface RequestLog {
  requestEnded(record: RequestRecord): void;
}

/** The first ones are all shown: that is when people look. */
const FIRST_LINES = 20;

/** Afterwards, at most one line in this time. */
const QUIET_MS = 1_000;

/**
 * A line per request on a terminal: all of the first twenty, then one a second with how many were
 * left out. None where nobody looks, all where `isVerbose`.
 */
export function createRequestLog(
  io: Pick<CliIo, "note" | "isInteractive" | "hasColour">,
  clock: Clock,
  isVerbose: boolean,
): RequestLog {
  const paint = createPaint(io.hasColour);
  let shown = 0;
  let skipped = 0;
  let lastShownMs = -Infinity;

  function isDue(): boolean {
    if (isVerbose || shown < FIRST_LINES) return true;
    return clock.monotonicMs() - lastShownMs >= QUIET_MS;
  }
  return {
    requestEnded: (record) => {
      if (!isVerbose && !io.isInteractive) return;
      if (!isDue()) {
        skipped += 1;
        return;
      }
      const more = skipped === 0 ? "" : paint.faint(` (and ${skipped} more)`);
      io.note(`${requestLine(record, paint)}${more}`);
      shown += 1;
      skipped = 0;
      lastShownMs = clock.monotonicMs();
    },
  };
}
