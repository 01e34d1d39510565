import type { RequestRecord } from "../cascade/receipt.ts";
import { createLeftRoutes } from "./left-routes.ts";
import { stormClasses } from "./live-watch.ts";
import { openRouteWatch, type RouteWatch } from "./route-watch.ts";
import type { RouteWatchParts } from "./route-watch-parts.ts";
import type { WatchedRoute } from "./watched-route.ts";

export interface WatchOptions extends Omit<RouteWatchParts, "route" | "isCertified"> {
  readonly routes: readonly WatchedRoute[];
  readonly isCertified: (route: string) => boolean;
  /** Told of trouble; requests never are. */
  readonly onError: (error: unknown) => void;
  /** Calls again and again until stopped. Default: the system's timer. */
  readonly every?: (ms: number, call: () => void) => () => void;
}

/** Watches all routes of a gateway beside its requests. */
export interface Watch {
  /** Told of each request that has ended. Quick, and never throws. */
  requestEnded(record: RequestRecord): void;
  /** By how much more is to be graded now than else. */
  gradeFactor(route: string): number;
  /** Share of requests that are triaged all the same while a storm is bypassed; null = no storm. */
  stormProbeShare(
    route: string,
    task: string | null,
    inputClasses: readonly string[],
  ): number | null;
  /** Looks now instead of at the next second. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

const TICK_MS = 1_000;
/** While errors gather, so many times more answers are graded: what it is will be known sooner. */
const SUSPICION_FACTOR = 5;
/** In a bypassed storm: enough to see it end. */
const PROBE_SHARE = 0.1;

/** Opens the watch where an earlier process has left it, and looks every second. */
export async function createWatch(options: WatchOptions): Promise<Watch> {
  const { routes, isCertified, onError, every = everyOfSystem, ...parts } = options;
  const watches = new Map<string, RouteWatch>();
  for (const route of routes) {
    const of = { ...parts, route, isCertified: () => isCertified(route.name) };
    watches.set(route.name, await openRouteWatch(of));
  }
  const endLeft = createLeftRoutes(parts, new Set(watches.keys()));
  const bypassing = new Set(
    routes.filter(({ storm }) => storm?.policy === "bypass").map(({ name }) => name),
  );
  let running: Promise<void> | null = null;

  async function lookAtAll(): Promise<void> {
    for (const watch of watches.values()) {
      try {
        while (await watch.tick()) await nextTurn();
      } catch (error) {
        onError(error);
      }
    }
    await endLeft().catch(onError);
  }
  function tick(): Promise<void> {
    running ??= lookAtAll().finally(() => {
      running = null;
    });
    return running;
  }
  const stop = every(TICK_MS, () => void tick());
  return {
    requestEnded: (record) => {
      if (record.route === null) return;
      try {
        watches.get(record.route)?.observe(record);
      } catch (error) {
        onError(error);
      }
    },
    gradeFactor: (route) => (watches.get(route)?.isSuspicious() === true ? SUSPICION_FACTOR : 1),
    stormProbeShare: (route, task, inputClasses) => {
      if (!bypassing.has(route)) return null;
      const storms = watches.get(route)?.storms();
      if (storms === undefined || storms.size === 0) return null;
      const isIn =
        storms.has("route") || stormClasses(task, inputClasses).some((one) => storms.has(one));
      return isIn ? PROBE_SHARE : null;
    },
    tick,
    close: async () => {
      stop();
      await running;
      for (const watch of watches.values()) await watch.store().catch(onError);
    },
  };
}

function everyOfSystem(ms: number, call: () => void): () => void {
  const timer = setInterval(call, ms);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** Lets requests go first. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
