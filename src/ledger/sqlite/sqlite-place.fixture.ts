import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "../../support/clock.ts";
import type { LedgerPlace } from "../contract/ledger-place.fixture.ts";
import { START_MS } from "../contract/records.fixture.ts";
import { openSqliteLedger } from "./open-sqlite-ledger.ts";
import type { SqliteLedgerOptions } from "./open-sqlite-ledger.ts";

export interface SqlitePlace extends LedgerPlace {
  readonly path: string;
}

/** A folder of its own under the system's folder for temporary files. */
export async function makeSqlitePlace(
  options: Partial<SqliteLedgerOptions> = {},
): Promise<SqlitePlace> {
  const folder = await mkdtemp(join(tmpdir(), "leadsman-ledger-"));
  const clock = createManualClock(START_MS);
  const path = join(folder, "new", "ledger.db");
  const copyPath = join(folder, "copy.db");
  return {
    path,
    copyPath,
    clock,
    open: () => openSqliteLedger({ path, clock, ...options }),
    openCopy: () => openSqliteLedger({ path: copyPath, clock }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
