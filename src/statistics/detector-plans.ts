import type { DetectorPlan } from "./change-detector.ts";
import { requireOpenShare } from "./statistics-argument.ts";

/** How often a false alarm may come and when to look closer. */
export interface DetectorLevels {
  readonly alarmLevel: number;
  readonly warnLevel: number;
}

/**
 * Watches the share of wrong answers among those that ship: tuned to 1.5, 2, 3 and 5 times what is
 * allowed.
 *
 * @param atMost allowed rate, between 0 and 1
 * @param levels default: false alarms at least 5,000 graded answers apart; warn from 60 on
 * @param largestWeight 1 divided by the smallest propensity of being graded; default 1
 */
export function errorDetectorPlan(
  atMost: number,
  levels: DetectorLevels = { alarmLevel: 5_000, warnLevel: 60 },
  largestWeight = 1,
): DetectorPlan {
  requireOpenShare("atMost", atMost);
  // Five times as much may be more than everything; the multiples then divide the way up to 1.
  const top = Math.min(5 * atMost, 1 - 0.05 * (1 - atMost));
  const scale = (top / atMost - 1) / 4;
  const alternatives = [1.5, 2, 3, 5].map((multiple) => atMost * (1 + (multiple - 1) * scale));
  const weights = alternatives.map(() => 0.25);
  return { nullRate: atMost, alternatives, weights, ...levels, largestWeight };
}

/** Shares of the way from the limit to 1: for a limit of .35 the rates .42, .5, .6, .75 and .95. */
const STORM_STEPS = [0.07, 0.15, 0.25, 0.4, 0.6].map((step) => step / 0.65);

/**
 * Watches the escalation rate of one class of requests. Where each request is in one class, false
 * alarms of all classes together stay as rare per request as those of one; where it is in up to k, so
 * many times the level keeps them so.
 *
 * @param limit escalation rate that is still fine, between 0 and 1; default .35
 * @param levels default: false alarms at least 100,000 requests apart; warn from 1,000 on
 */
export function stormDetectorPlan(
  limit = 0.35,
  levels: DetectorLevels = { alarmLevel: 100_000, warnLevel: 1_000 },
): DetectorPlan {
  requireOpenShare("limit", limit);
  const alternatives = STORM_STEPS.map((step) => limit + (1 - limit) * step);
  const weights = alternatives.map(() => 0.2);
  return { nullRate: limit, alternatives, weights, ...levels, largestWeight: 1 };
}
