import type { Evidence, EvidenceCount, TriageCount } from "../../ledger/records/evidence.ts";
import { shareShippedBy, triagesOf, type ShareShipped } from "./share-shipped.ts";
import {
  createThresholdEvidence,
  type EvidenceOptions,
  type ThresholdEvidence,
} from "./threshold-evidence.ts";
import type { TuningGoal } from "./tuning-goal.ts";
import { readKindly, takeSample, type LiveRanges, type TuningSample } from "./tuning-sample.ts";

/** Everything that tuning reads of a route. */
export interface TuningEvidence {
  /** Of the route; all tiers may be in it. */
  readonly evidence: readonly EvidenceCount[];
  readonly triages: readonly TriageCount[];
  /** Items of clusters; null = too many. Default: there are none. */
  readonly clustered?: readonly Evidence[] | null;
  /** Default: nothing drawn in live counts. */
  readonly liveRanges?: LiveRanges;
}

/** A sample, ready to be asked about thresholds. */
export interface Question {
  readonly sample: TuningSample;
  readonly ofTier: readonly EvidenceCount[];
  /** Of the sample's stratum. */
  readonly triages: readonly TriageCount[];
  readonly share: ShareShipped;
  readonly at: (threshold: number) => ThresholdEvidence;
  /** The same with undecided rows read kindly, for bounds from below. */
  readonly atKindly: (threshold: number) => ThresholdEvidence;
  /** What is left for the thresholds, once the share of what ships has taken its part. */
  readonly failureProbability: number;
}

/**
 * Of a joint promise on traffic, this part of the failure probability is for the share of requests
 * that ship, through which rows of live speak about all requests. Kept back from the first look on,
 * before there are such rows, so that their coming changes nothing.
 */
const PART_FOR_SHARE = 1 / 20;

/** Prepares evidence of the first tier for questions about thresholds. Pure. */
export function askEvidence(
  { evidence, triages: all, clustered = [], liveRanges = new Map() }: TuningEvidence,
  goal: TuningGoal,
  failureProbability: number,
): Question {
  const ofTier = evidence.filter(({ key }) => key.tier === 0);
  const items = clustered?.filter(({ tier }) => tier === 0) ?? null;
  const sample = takeSample({ counts: ofTier, clustered: items, liveRanges }, goal);
  const triages = triagesOf(all, sample.stratum);
  const share = shareShippedBy(sample, triages);
  const isShared = goal.target === "joint" && sample.source === "traffic";
  const forShare = isShared ? failureProbability * PART_FOR_SHARE : 0;
  const options: EvidenceOptions = {
    goal,
    liveRanges,
    shareShipped: (threshold) => (isShared ? share.bounds(threshold, forShare) : null),
  };
  return {
    ...{ sample, ofTier, triages, share },
    failureProbability: failureProbability - forShare,
    at: createThresholdEvidence(sample.cells, options),
    atKindly: createThresholdEvidence(readKindly(sample.cells), options),
  };
}
