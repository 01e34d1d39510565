import type { LedgerConfig } from "../config/config.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { openSqliteLedger } from "../ledger/sqlite/open-sqlite-ledger.ts";
import type { Clock } from "../support/clock.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";

const SQLITE_PREFIX = "sqlite:";

/**
 * Opens the ledger that a configuration names. A new engine is a branch here.
 *
 * @throws LeadsmanError `ledger_url_unknown`, or one of the engine's
 */
export function openLedger(
  config: Pick<LedgerConfig, "url" | "spillBytes">,
  clock: Clock,
): Promise<Ledger> {
  const { url, spillBytes } = config;
  const path = sqlitePath(url);
  if (path !== null) return openSqliteLedger({ path, clock, spillBytes });
  throw new LeadsmanError(
    "ledger_url_unknown",
    // Only the beginning: what follows may hold a password.
    `Cannot open the ledger: wanted a URL that begins with "${SQLITE_PREFIX}", found one that ` +
      `begins with "${url.slice(0, url.indexOf(":") + 1)}".`,
  );
}

/** The file of a `sqlite:` URL; null for any other. */
export function sqlitePath(url: string): string | null {
  return url.startsWith(SQLITE_PREFIX) ? url.slice(SQLITE_PREFIX.length) : null;
}
