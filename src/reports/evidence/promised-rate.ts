import { exactInterval } from "../../statistics/exact-interval.ts";
import type { ShareInterval } from "../../statistics/wilson-interval.ts";
import type { EffectiveSample } from "./estimate-wrong-share.ts";
import type { ShipShare } from "./ship-share.ts";
import type { WrongShare } from "./wrong-share.ts";

/** What a promise is about; see `GuaranteeConfig` of the configuration. */
export type PromiseTarget = "joint" | "selective" | "relative";

/** The rate that a promise speaks of, at one threshold. Null = not known yet. */
export interface PromisedRate {
  readonly target: PromiseTarget;
  /** 0–1; of `relative` not estimated, only bounded. */
  readonly share: number | null;
  /** At 95 %. */
  readonly interval: ShareInterval | null;
  /** Each fails with the promised probability, for one look. */
  readonly upperBound: number | null;
  readonly lowerBound: number | null;
  /** Graded items it is from. */
  readonly graded: number;
  readonly effective: EffectiveSample;
}

/** `selective`: wrong, of what ships. */
export function selectiveRate(wrongIfShipped: WrongShare): PromisedRate {
  const { share, interval, upperBound, lowerBound, graded, effective } = wrongIfShipped;
  return { target: "selective", share, interval, upperBound, lowerBound, graded, effective };
}

/**
 * `joint`: shipped and wrong, of all requests: the wrong of what ships times the share that ships.
 * Both were looked at apart, the second on all triages, so that grades in live, which are of shipped
 * answers alone, count as much as those in shadow. A bound of the product takes a bound of either,
 * and the allowed failures are parted between the two: most of them to the one from few grades.
 */
export function jointRate(
  wrongIfShipped: WrongShare,
  shipShare: ShipShare,
  boundsAt: (failureProbability: number) => WrongShare,
  failureProbability: number,
): PromisedRate {
  const { graded, share, effective } = wrongIfShipped;
  const ships = shipShare.share;
  const trials = ships === null || ships === 0 ? effective.trials : effective.trials / ships;
  const base = { target: "joint", graded, effective: { ...effective, trials } } as const;
  if (ships === null) {
    return { ...base, share: null, interval: null, upperBound: null, lowerBound: null };
  }
  // An interval at 95 % leaves 2.5 % on either side; a bound leaves all of its probability on one.
  const at95 = productBounds(boundsAt, shipShare, 0.025);
  const bounds = productBounds(boundsAt, shipShare, failureProbability);
  return {
    ...base,
    share: share === null ? null : share * ships,
    interval: share === null ? null : at95,
    // Not more can ship wrong than ships, whatever is known of it.
    upperBound: bounds.high,
    lowerBound: bounds.low,
  };
}

/** Of the allowed failures, what the share of wrong answers gets; the share shipped gets the rest. */
const PART_OF_GRADES = 0.9;

function productBounds(
  boundsAt: (failureProbability: number) => WrongShare,
  { count, of, unread }: ShipShare,
  failureProbability: number,
): ShareInterval {
  const { upperBound, lowerBound } = boundsAt(PART_OF_GRADES * failureProbability);
  const rest = 2 * (1 - PART_OF_GRADES) * failureProbability;
  return {
    low: (lowerBound ?? 0) * exactInterval(count, of, rest).low,
    high: (upperBound ?? 1) * exactInterval(count + unread, of, rest).high,
  };
}
