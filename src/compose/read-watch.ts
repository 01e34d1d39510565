import type { Ledger } from "../ledger/ledger.ts";
import { describeWatch, type WatchStanding } from "../watch/describe-watch.ts";

/** How the watch over a route stands, by what a gateway has written. */
export function readWatch(
  ledger: Pick<Ledger, "watchStates" | "alerts">,
  route: string,
): Promise<WatchStanding> {
  return describeWatch(ledger, route);
}
