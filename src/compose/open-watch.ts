import { createProtocol } from "../cascade/protocols/create-protocol.ts";
import { NEVER_SHIP } from "../cascade/route.ts";
import type { LeadsmanConfig, RouteConfig } from "../config/config.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { RouteBook } from "../router/route-book.ts";
import type { Clock } from "../support/clock.ts";
import { createIdSource } from "../support/ids.ts";
import { systemRandomBytes } from "../support/system-random.ts";
import type { NotificationsOf } from "../watch/alert-change.ts";
import { createWatch, type Watch } from "../watch/create-watch.ts";
import type { WatchedRoute } from "../watch/watched-route.ts";

export interface OpenWatchParts {
  readonly config: Pick<LeadsmanConfig, "routes">;
  readonly ledger: Ledger;
  readonly routes: RouteBook;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
  /** Default: nobody is told; alerts are in the ledger. */
  readonly notificationsOf?: NotificationsOf;
}

/** Watches the configured routes of two tiers or more. */
export function openWatch(parts: OpenWatchParts): Promise<Watch> {
  const { config, ledger, routes, clock, onError } = parts;
  return createWatch({
    ledger,
    onError,
    routes: config.routes.filter(({ tiers }) => tiers.length > 1).map(watchedRoute),
    neverShip: NEVER_SHIP,
    notificationsOf: parts.notificationsOf ?? (() => []),
    isCertified: (name) =>
      routes.current().find(({ route }) => route.name === name)?.isCertified === true,
    nextOrigin: createIdSource("watch_", clock, systemRandomBytes),
    nowMs: () => clock.nowMs(),
  });
}

/** What `leadsman tune` takes too, where a route says nothing. */
const PROMISE = { target: "joint", atMost: 0.05 } as const;

/** A route as it is watched. */
function watchedRoute(route: RouteConfig): WatchedRoute {
  const { name, tiers, guarantee, protocol, storm, watch, sampling } = route;
  return {
    name,
    thresholds: tiers.flatMap(({ threshold }) => (threshold === null ? [] : [threshold])),
    promise: guarantee ?? PROMISE,
    promptHash: createProtocol(protocol).promptHash,
    // Between nothing and everything; a limit of everything is never exceeded.
    storm:
      storm === null || storm.rate >= 1 ? null : { ...storm, rate: Math.max(0.01, storm.rate) },
    ...watch,
    sampling,
  };
}
