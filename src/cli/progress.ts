import type { CliIo } from "./cli-io.ts";
import type { Paint } from "./paint.ts";

/** How far a piece of work is. */
export interface Progress {
  /** @param detail what else is worth telling, such as money spent; shown behind the count */
  update(done: number, detail?: string): void;
  /** Takes the moving line away. */
  end(): void;
}

const BAR_WIDTH = 40;

/** Fastest pace at which a moving line is drawn anew. */
const REDRAW_MS = 60;

/** Back to the start of the line and clear it. */
const CLEAR_LINE = "\r\u001B[2K";

/**
 * A bar that moves on a terminal; elsewhere a plain line at each quarter. On standard error.
 *
 * @param what of what there are `total`, for example `requests`
 * @param nowMs milliseconds from any start
 */
export function createProgress(
  io: Pick<CliIo, "isInteractive" | "note">,
  paint: Paint,
  work: { readonly total: number; readonly what: string },
  nowMs: () => number,
): Progress {
  return io.isInteractive ? createBar(paint, work, nowMs) : createQuarters(io, work);
}

interface Work {
  readonly total: number;
  readonly what: string;
}

function createBar(paint: Paint, { total, what }: Work, nowMs: () => number): Progress {
  let drawnMs = Number.NEGATIVE_INFINITY;
  return {
    update: (done, detail) => {
      if (done < total && nowMs() - drawnMs < REDRAW_MS) return;
      drawnMs = nowMs();
      const filled = Math.round((done / Math.max(1, total)) * BAR_WIDTH);
      const bar = "━".repeat(filled) + paint.faint("─".repeat(BAR_WIDTH - filled));
      process.stderr.write(`${CLEAR_LINE}  ${bar}  ${countText(done, { total, what }, detail)}`);
    },
    end: () => {
      process.stderr.write(CLEAR_LINE);
    },
  };
}

function createQuarters(io: Pick<CliIo, "note">, { total, what }: Work): Progress {
  let told = 0;
  return {
    update: (done, detail) => {
      const quarter = Math.floor((4 * done) / Math.max(1, total));
      if (quarter === told) return;
      told = quarter;
      io.note(`  ${countText(done, { total, what }, detail)}`);
    },
    end: () => undefined,
  };
}

function countText(done: number, { total, what }: Work, detail: string | undefined): string {
  return `${done} of ${total} ${what}${detail === undefined ? "" : ` · ${detail}`}`;
}
