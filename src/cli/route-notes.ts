import type { Route } from "../cascade/route.ts";
import { describeModeInForce, describeTiers } from "./describe-route.ts";

/** A route as it stands, as far as people are told. */
export interface StandingRoute {
  readonly route: Route;
  readonly isCertified: boolean;
}

const LOOK_EVERY_MS = 250;

/**
 * Says when a running gateway has taken over a mode or a threshold.
 *
 * @returns stops it
 */
export function startRouteNotes(
  routes: { current(): readonly StandingRoute[] },
  note: (text: string) => void,
): () => void {
  let seen = routes.current();
  const timer = setInterval(() => {
    const now = routes.current();
    if (now === seen) return;
    for (const line of changesBetween(seen, now)) note(line);
    seen = now;
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** Lines such as `! support: live (uncertified) → off`. */
export function changesBetween(
  before: readonly StandingRoute[],
  now: readonly StandingRoute[],
): readonly string[] {
  return now.flatMap((standing) => {
    const { name } = standing.route;
    const earlier = before.find(({ route }) => route.name === name);
    if (earlier === undefined) return [];
    return [describeMode, describeThresholds].flatMap((describe) => {
      const [from, to] = [describe(earlier), describe(standing)];
      return from === to ? [] : [`! ${name}: ${from} → ${to}`];
    });
  });
}

function describeMode({ route, isCertified }: StandingRoute): string {
  return describeModeInForce(route, isCertified);
}

function describeThresholds({ route }: StandingRoute): string {
  return `[${describeTiers(route.tiers)}]`;
}
