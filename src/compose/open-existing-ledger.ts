import { existsSync } from "node:fs";
import type { LedgerConfig } from "../config/config.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Clock } from "../support/clock.ts";
import { openLedger, sqlitePath } from "./open-ledger.ts";

/** Opens the ledger for somebody who only looks: null when there is none yet, and none is made. */
export async function openExistingLedger(
  config: Pick<LedgerConfig, "url" | "spillBytes">,
  clock: Clock,
): Promise<Ledger | null> {
  const path = sqlitePath(config.url);
  if (path !== null && !existsSync(path)) return null;
  return openLedger(config, clock);
}
