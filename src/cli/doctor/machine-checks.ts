import { statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fail, ok, warn, type Check } from "./check.ts";
import { nearestFolder } from "./nearest-folder.ts";

const SQLITE_FLOOR = "3.51.3";
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/** Node and the SQLite inside it. */
export function checkRuntime(versions: {
  readonly node: string;
  readonly sqlite: string;
}): readonly Check[] {
  const isNewEnough = isAtLeast(versions.sqlite, SQLITE_FLOOR);
  const sqlite = isNewEnough
    ? ok("sqlite", versions.sqlite)
    : fail(
        "sqlite",
        `${versions.sqlite}; older than ${SQLITE_FLOOR} can corrupt a shared file`,
        "Use Node 24, or 22.23 and newer.",
      );
  return [ok("node", versions.node), sqlite];
}

/**
 * A clock that is far off gives wrong prices (they have dates) and wrong totals per day.
 *
 * @param knownPast a day that is surely over, as `2026-11-23`
 * @param newestRecordMs of the ledger; null = it has none
 */
export function checkClock(nowMs: number, knownPast: string, newestRecordMs: number | null): Check {
  const shown = new Date(nowMs).toISOString();
  // A day to spare for the zones of those who dated it.
  if (nowMs < Date.parse(knownPast) - 86_400_000) {
    return fail("clock", `${shown}, before ${knownPast}`, "Set the machine's clock.");
  }
  if (newestRecordMs !== null && newestRecordMs > nowMs + 60_000) {
    const newest = new Date(newestRecordMs).toISOString();
    return warn(
      "clock",
      `${shown}, but the newest record is of ${newest}`,
      "See whether the clock went back; totals by day would mix.",
    );
  }
  return ok("clock", shown);
}

/** Room where the ledger lies. */
export function checkDisk(ledgerPath: string): Check {
  const folder = nearestFolder(dirname(resolve(ledgerPath)));
  const { bavail, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  const found =
    freeBytes >= GIB
      ? `${(freeBytes / GIB).toFixed(1)} GiB free`
      : `${(freeBytes / MIB).toFixed(0)} MiB free`;
  const next = "Make room, or move ledger.url to another disk.";
  if (freeBytes < 100 * MIB) return fail("disk", found, next);
  return freeBytes < GIB ? warn("disk", found, next) : ok("disk", found);
}

function isAtLeast(version: string, floor: string): boolean {
  const found = version.split(".").map(Number);
  const wanted = floor.split(".").map(Number);
  const place = wanted.findIndex((part, index) => (found[index] ?? 0) !== part);
  return place === -1 || (found[place] ?? 0) > (wanted[place] ?? 0);
}
