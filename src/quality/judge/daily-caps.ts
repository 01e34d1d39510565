import type { Ledger } from "../../ledger/ledger.ts";
import type { BackgroundSpend } from "../../ledger/records/traffic-sum.ts";

/** Caps of one route in US dollars per UTC day; null = none. */
export interface DailyCaps {
  readonly judgeUsd: number | null;
  /** For all background calls of the route. */
  readonly backgroundUsd: number | null;
}

const DAY_MS = 86_400_000;

/**
 * Whether a judge may be asked once more, by what the ledger says was spent: a restart forgets
 * nothing. Spending is booked on the day of its request, so a job left over from an earlier day
 * counts from that day on: a backlog cannot spend what today's sum would not show. Calls under way
 * are not in the sum yet, so the cap can be overshot by as many as may run at a time.
 */
export async function isWithinCaps(
  ledger: Pick<Ledger, "backgroundSpend">,
  route: string,
  caps: DailyCaps,
  requestedAtMs: number,
): Promise<boolean> {
  const sinceMs = Math.floor(requestedAtMs / DAY_MS) * DAY_MS;
  if (isSpent(caps.judgeUsd, await ledger.backgroundSpend(route, sinceMs, "judge"))) return false;
  return !isSpent(caps.backgroundUsd, await ledger.backgroundSpend(route, sinceMs));
}

/** A cap in dollars cannot hold what has no price. */
function isSpent(usd: number | null, { costNanoUsd, unpricedAttempts }: BackgroundSpend): boolean {
  if (usd === null) return false;
  return unpricedAttempts > 0 || costNanoUsd >= BigInt(Math.round(usd * 1e9));
}
