import type { Experiment } from "./experiment.ts";
import { ONE_CALIBRATION } from "./v01-one-calibration.ts";
import { REPEATED_LOOKS } from "./v02-repeated-looks.ts";
import { ADAPTIVE_LABELLING } from "./v03-adaptive-labelling.ts";
import { ALARM_DISTANCE } from "./v04-alarm-distance.ts";
import { VIOLATION_PROOF } from "./v05-violation-proof.ts";
import { STORM } from "./v06-storm.ts";
import { CONTROLLER } from "./v07-controller.ts";
import { LOWERING_PROOF } from "./v07-lowering-proof.ts";
import { INTERVAL_COVERAGE } from "./v08-interval-coverage.ts";
import { PAIRED_COMPARISON } from "./v09-paired-comparison.ts";
import { SLICES_OF_NOTHING } from "./v10-slices-of-nothing.ts";
import { DUPLICATES } from "./v11-duplicates.ts";
import { THREE_TIERS } from "./v12-three-tiers.ts";
import { SHIPPED_ONLY } from "./v13-shipped-only.ts";
import { COMPLAINTS } from "./v14-complaints.ts";
import { UNEQUAL_DRAWS } from "./v15-unequal-draws.ts";
import { CLUSTERS_AND_JUDGES } from "./v16-clusters-and-judges.ts";
import { TIERS_AGAIN } from "./v17-tiers-again.ts";
import { MIDDLE_TIER_ADVICE } from "./v18-middle-tier-advice.ts";

/** All experiments; the long ones first, so that two workers end together. */
export const EXPERIMENTS: readonly Experiment[] = [
  ONE_CALIBRATION,
  ADAPTIVE_LABELLING,
  UNEQUAL_DRAWS,
  VIOLATION_PROOF,
  STORM,
  CONTROLLER,
  ALARM_DISTANCE,
  TIERS_AGAIN,
  CLUSTERS_AND_JUDGES,
  MIDDLE_TIER_ADVICE,
  LOWERING_PROOF,
  SHIPPED_ONLY,
  SLICES_OF_NOTHING,
  PAIRED_COMPARISON,
  INTERVAL_COVERAGE,
  COMPLAINTS,
  THREE_TIERS,
  REPEATED_LOOKS,
  DUPLICATES,
];
