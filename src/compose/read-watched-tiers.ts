import type { Route } from "../cascade/route.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { WatchedTier } from "../telemetry/metrics/standing-metrics.ts";
import { describeWatch } from "../watch/describe-watch.ts";

/** How the watch stands over the tiers of these routes that may ship, by what it has written. */
export async function readWatchedTiers(
  ledger: Pick<Ledger, "watchStates" | "alerts">,
  routes: readonly Route[],
): Promise<readonly WatchedTier[]> {
  const found = await Promise.all(
    routes.map(async ({ name: route, tiers }) => {
      const standing = await describeWatch(ledger, route);
      // What is written can be of a time when the route had more tiers.
      const present = standing.tiers.filter(({ tier }) => tier < tiers.length - 1);
      return present.map((tier): WatchedTier => ({ route, ...tier }));
    }),
  );
  return found.flat();
}
