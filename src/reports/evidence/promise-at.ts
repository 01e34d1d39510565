import type { EvidenceCount, TriageCount } from "../../ledger/records/evidence.ts";
import { isOfWholeRange, wouldShip } from "./item-outcome.ts";
import { promiseState, type Promised, type PromiseState } from "./promise-state.ts";
import {
  jointRate,
  selectiveRate,
  type PromisedRate,
  type PromiseTarget,
} from "./promised-rate.ts";
import { relativeRate } from "./relative-rate.ts";
import { shipShareAt, type ShipShare } from "./ship-share.ts";
import { wrongShare, type WrongShare } from "./wrong-share.ts";

/** The evidence that a threshold is held against. */
export interface PromiseBasis {
  readonly counts: readonly EvidenceCount[];
  readonly triages: readonly TriageCount[];
  readonly target: PromiseTarget;
  readonly promised: Promised;
  /** See `shipShareAt`. */
  readonly readFrom: number | null;
}

/** What a threshold ships, how much of that is wrong, and whether the route's promise holds. */
export interface PromiseAt {
  /** Of all triages. */
  readonly wouldShip: ShipShare;
  /** Of what ships. */
  readonly wrong: WrongShare;
  readonly rate: PromisedRate;
  readonly promise: PromiseState;
}

export function promiseAt(threshold: number, basis: PromiseBasis): PromiseAt {
  const { counts, triages, target, promised, readFrom } = basis;
  const { failureProbability } = promised;
  const shipping = shippingAt(counts, threshold, readFrom);
  const wrong = wrongShare(shipping, failureProbability);
  const ships = shipShareAt(triages, threshold, readFrom);
  const rates = {
    selective: () => selectiveRate(wrong),
    joint: () => {
      const boundsAt = (probability: number): WrongShare => wrongShare(shipping, probability);
      return jointRate(wrong, ships, boundsAt, failureProbability);
    },
    relative: () => relativeRate(counts, threshold, failureProbability),
  };
  const rate = rates[target]();
  return { wouldShip: ships, wrong, rate, promise: promiseState(rate, promised) };
}

/**
 * Items that a threshold ships. Below the strictest threshold that was in force, those drawn over the
 * whole range of confidences only: what was drawn in live would stand for the higher part twice.
 */
export function shippingAt(
  counts: readonly EvidenceCount[],
  threshold: number,
  readFrom: number | null,
): readonly EvidenceCount[] {
  const isWholeOnly = readFrom !== null && threshold < readFrom;
  return counts.filter(
    ({ key }) => wouldShip(key, threshold) && (!isWholeOnly || isOfWholeRange(key)),
  );
}
