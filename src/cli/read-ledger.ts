import { openExistingLedger } from "../compose/open-existing-ledger.ts";
import type { LeadsmanConfig } from "../config/config.ts";
import { systemClock } from "../support/clock.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";
import type { CommandContext } from "./command-context.ts";
import { openConfig } from "./open-config.ts";

/** The ledger as `compose` opens it; `cli` does not know the room it comes from. */
export type OpenedLedger = NonNullable<Awaited<ReturnType<typeof openExistingLedger>>>;

/**
 * Lets a command read the configured ledger, and closes it again.
 *
 * @throws LeadsmanError `ledger_missing` when there is none yet
 */
export async function readLedger(
  context: CommandContext,
  read: (ledger: OpenedLedger, config: LeadsmanConfig) => Promise<void>,
): Promise<void> {
  const { config } = openConfig(context);
  const ledger = await openExistingLedger(config.ledger, systemClock);
  if (ledger === null) {
    throw new LeadsmanError(
      "ledger_missing",
      `There is no ledger at ${config.ledger.url} yet. It begins with the first request after ` +
        "`leadsman up`.",
    );
  }
  try {
    await read(ledger, config);
  } finally {
    await ledger.close();
  }
}
