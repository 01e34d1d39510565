import type { ManualClock } from "../../support/clock.ts";
import type { Ledger } from "../ledger.ts";

/** A fresh, empty place where an engine keeps one ledger, for the time of one test. */
export interface LedgerPlace {
  /** Opens a handle of its own, as another process would. */
  open(): Promise<Ledger>;
  /** Where `backup` may write; nothing is there yet. */
  readonly copyPath: string;
  /** Opens what `backup` wrote. */
  openCopy(): Promise<Ledger>;
  /** The time that all handles see. */
  readonly clock: ManualClock;
  remove(): Promise<void>;
}

export type MakePlace = () => Promise<LedgerPlace>;

/** Runs a test with one open handle; closes it and clears the place afterwards. */
export async function withLedger(
  makePlace: MakePlace,
  run: (ledger: Ledger, place: LedgerPlace) => Promise<void>,
): Promise<void> {
  const place = await makePlace();
  try {
    const ledger = await place.open();
    try {
      await run(ledger, place);
    } finally {
      await ledger.close();
    }
  } finally {
    await place.remove();
  }
}
