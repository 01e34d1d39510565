import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { openExistingLedger } from "../../compose/open-existing-ledger.ts";
import { sqlitePath } from "../../compose/open-ledger.ts";
import type { LedgerConfig } from "../../config/config.ts";
import { systemClock } from "../../support/clock.ts";
import { fail, ok, type Check } from "./check.ts";
import { nearestFolder } from "./nearest-folder.ts";

export interface LedgerFindings {
  readonly checks: readonly Check[];
  /** When the newest request came; null when there is none. */
  readonly newestRecordMs: number | null;
}

/** Whether the ledger opens and can be written; none is made where there is none. */
export async function checkLedger(config: LedgerConfig): Promise<LedgerFindings> {
  try {
    const ledger = await openExistingLedger(config, systemClock);
    if (ledger === null) return { checks: [checkFolder(config)], newestRecordMs: null };
    try {
      // Writes nothing, but takes the way that a write takes.
      await ledger.purgeBodies(0);
      const newest = (await ledger.requests({}, 1)).rows[0];
      const found = newest === undefined ? "opens, holds no request yet" : "opens and is writable";
      const checks = [ok("ledger", `${shownPath(config)} ${found}${shownSize(config)}`)];
      return { checks, newestRecordMs: newest?.startedAtMs ?? null };
    } finally {
      await ledger.close();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const next = "See who owns the file and its folder, and whether the disk is full.";
    return { checks: [fail("ledger", why, next)], newestRecordMs: null };
  }
}

function checkFolder(config: LedgerConfig): Check {
  const folder = nearestFolder(dirname(resolve(sqlitePath(config.url) ?? "")));
  try {
    accessSync(folder, constants.W_OK);
    return ok("ledger", `${shownPath(config)}, made by the first \`leadsman up\``);
  } catch {
    return fail(
      "ledger",
      `${shownPath(config)} cannot be made in ${folder}`,
      "Give this user the folder, or set ledger.url to a place that can be written.",
    );
  }
}

function shownPath({ url }: LedgerConfig): string {
  return sqlitePath(url) ?? url.replace(/:[^:@/]*@/, ":••••@");
}

function shownSize({ url }: LedgerConfig): string {
  const path = sqlitePath(url);
  return path === null ? "" : ` (${(statSync(path).size / 1024 ** 2).toFixed(1)} MiB)`;
}
