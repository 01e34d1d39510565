import type { LeadsmanConfig } from "../config/config.ts";
import type { TuningGoal } from "../reports/tune/tuning-goal.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";
import { requireRoute } from "./open-config.ts";

type ConfiguredRoute = LeadsmanConfig["routes"][number];

/** The route's guarantee, else "at most 5 % of all requests ship wrong, with 95 % confidence". */
export function goalOf(
  { guarantee }: Pick<ConfiguredRoute, "guarantee">,
  changes: Partial<TuningGoal> = {},
): TuningGoal {
  const fallback = { target: "joint", atMost: 0.05, confidence: 0.95 } as const;
  return { ...(guarantee ?? fallback), looks: "any_time", ...changes };
}

/**
 * The named route, or all that have two tiers or more.
 *
 * @throws LeadsmanError `route_unknown`; `usage` when there is nothing to vouch for
 */
export function routesToTune(
  routes: readonly ConfiguredRoute[],
  name: string | undefined,
): readonly ConfiguredRoute[] {
  if (name !== undefined) requireRoute(routes, name);
  const named = routes.filter((route) => name === undefined || route.name === name);
  const fitting = named.filter(({ tiers }) => tiers.length >= 2);
  if (fitting.length > 0) return fitting;
  throw new LeadsmanError(
    "usage",
    "Wanted a route of two tiers or more: with one there is nothing to vouch for.",
  );
}
