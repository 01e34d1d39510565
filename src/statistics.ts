/**
 * The estimators and tests that Leadsman's own numbers come from, for use on data of your own. All
 * are pure functions; each says what it promises, under which assumptions, and from which source.
 *
 * @module leadsman/statistics
 */
// Rows, shares, the binomial kernel and exact bounds.
export { atomsOf, type Atom, type LabelledRow } from "./statistics/atom.ts";
export {
  binomialCdf,
  binomialProbability,
  binomialUpperTail,
  logBinomialCdf,
  logBinomialProbability,
} from "./statistics/binomial-distribution.ts";
export { exactLowerBound, exactUpperBound } from "./statistics/exact-binomial-bound.ts";
export { wilsonInterval, type ShareInterval } from "./statistics/wilson-interval.ts";

// Evidence that may be looked at again and again.
export { anytimeLowerBound } from "./statistics/anytime-lower-bound.ts";
export { anytimeUpperBound } from "./statistics/anytime-upper-bound.ts";
export { bettingLowerBound, bettingUpperBound } from "./statistics/betting-bound.ts";
export {
  logBettingEvidence,
  logBettingEvidenceOf,
  observeBet,
  startBetting,
  type BettingState,
  type MeanClaim,
  type WeightedValue,
} from "./statistics/betting-wealth.ts";
export { clusterMeans, type ClusteredRow } from "./statistics/cluster-means.ts";
export { confidenceSequence } from "./statistics/confidence-sequence.ts";
export {
  logPlugInWealth,
  plugInBets,
  plugInBettingBound,
  type BettingLooks,
} from "./statistics/plug-in-betting-bound.ts";
export {
  logPooledSafeEvidence,
  logPooledViolatedEvidence,
  pooledLowerBound,
  pooledPValue,
  pooledUpperBound,
  type CountedSample,
  type RateSample,
  type WeightedSample,
} from "./statistics/pooled-rate.ts";
export { logSafeRateEvidence } from "./statistics/safe-rate-evidence.ts";
export { trialsUntilSafe } from "./statistics/trials-until-safe.ts";
export { logViolatedRateEvidence } from "./statistics/violated-rate-evidence.ts";

// Thresholds with a guarantee, and how many labels they take.
export {
  nextLabel,
  startLabelling,
  type LabellingMove,
  type LabellingPlan,
  type LabellingState,
} from "./statistics/adaptive-labelling.ts";
export { bonferroni } from "./statistics/bonferroni.ts";
export {
  candidatesOf,
  candidatesWithTraffic,
  type Candidate,
  type TrafficAtom,
} from "./statistics/candidate.ts";
export {
  type Certification,
  type CertifiedPromise,
  type TestedCandidate,
} from "./statistics/certification.ts";
export { certifyJoint, certifyOnAverage } from "./statistics/certify-joint.ts";
export {
  certifyByBonferroni,
  certifyByFallback,
  certifyInSequence,
  type SelectiveTarget,
} from "./statistics/certify-selective.ts";
export {
  fallbackProcedure,
  geometricWeights,
  type TestedLevel,
} from "./statistics/fallback-procedure.ts";
export {
  judgedPValue,
  judgedUpperBound,
  verifiedWrongNeeded,
  type JudgeCheck,
} from "./statistics/judged-rate.ts";
export { judgedTarget, type JudgedTarget } from "./statistics/judged-target.ts";
export {
  labelsNeeded,
  mostHitsCertified,
  trialsForPower,
  zeroErrorTrials,
  type LabelsInSight,
  type LabelsNeeded,
  type LabelsWithoutNumber,
} from "./statistics/labels-needed.ts";
export {
  EXACT_P_VALUES,
  repeatablePValues,
  type PValueSource,
} from "./statistics/p-value-source.ts";
export { plannedLooks, plannedPValues } from "./statistics/planned-looks.ts";
export type { RateTarget } from "./statistics/rate-target.ts";
export {
  certifyRelative,
  logRelativeAccuracyEvidence,
  relativeCandidatesOf,
  relativeLossBound,
  type DoublyLabelledRow,
  type RelativeCandidate,
  type ShippingEffects,
} from "./statistics/relative-accuracy.ts";
export { splitCandidatesOf, type DrawnRow } from "./statistics/split-candidates.ts";
export {
  certifyAlongPath,
  certifyGrid,
  paretoPath,
  type PilotSetting,
  type TestedTierSetting,
  type TierCertification,
  type TierSetting,
  type TierTarget,
} from "./statistics/tier-path.ts";
export {
  certifyByHoeffding,
  chooseByHoeffdingSweep,
  chooseByObservedRate,
  hindsightThreshold,
  hoeffdingBentkusPValue,
} from "./statistics/uncertified-thresholds.ts";

// Watching a rate over time.
export {
  detectChange,
  restingTotal,
  startDetector,
  type DetectorPlan,
  type DetectorSignal,
  type DetectorState,
  type DetectorStep,
} from "./statistics/change-detector.ts";
export {
  errorDetectorPlan,
  stormDetectorPlan,
  type DetectorLevels,
} from "./statistics/detector-plans.ts";
export {
  isLoweringProved,
  observeLowering,
  startLowering,
  type GradedAnswer,
  type LoweringPlan,
} from "./statistics/lowering-proof.ts";
export {
  isViolationProved,
  logViolationProof,
  observeViolation,
  startViolationProof,
  type ViolationPlan,
  type ViolationState,
} from "./statistics/violation-proof.ts";

// How well stated confidence tells right from wrong.
export { bootstrap, percentile, percentileInterval } from "./statistics/bootstrap.ts";
export { brierScore, type BrierScore } from "./statistics/brier-score.ts";
export { calibrationDiagram, type CalibrationBar } from "./statistics/calibration-diagram.ts";
export { calibrationError, type CalibrationError } from "./statistics/calibration-error.ts";
export { confidenceGap, type ConfidenceGap } from "./statistics/confidence-gap.ts";
export { exactInterval } from "./statistics/exact-interval.ts";
export { normalInterval, type ValueInterval } from "./statistics/normal-interval.ts";
export { normalQuantile } from "./statistics/normal-quantile.ts";
export { rankingQuality, type RankingQuality } from "./statistics/ranking-quality.ts";
export {
  riskCoverage,
  type RiskCoverage,
  type RiskCoveragePoint,
} from "./statistics/risk-coverage.ts";

// Samples graded with unequal chances, and judges that err.
export { combinedShareInterval, type WeightedShare } from "./statistics/combined-share-interval.ts";
export { kishSampleSize, varianceSampleSize } from "./statistics/effective-sample-size.ts";
export { hajekEstimate, type HajekEstimate } from "./statistics/hajek-estimate.ts";
export { horvitzThompsonShare } from "./statistics/horvitz-thompson-share.ts";
export { humanCheckAllocation, type JudgeGuess } from "./statistics/human-check-allocation.ts";
export { judgeAgreement, type JudgeAgreement } from "./statistics/judge-agreement.ts";
export type { JudgeCells, JudgedSample } from "./statistics/judged-sample.ts";
export {
  kornGraubardInterval,
  type WeightedShareInterval,
} from "./statistics/korn-graubard-interval.ts";
export {
  MIN_STRATUM_TRIALS,
  postStratifiedShare,
  type PostStratifiedShare,
  type Stratum,
} from "./statistics/post-stratified-share.ts";
export {
  predictionPoweredShare,
  type PredictionPoweredShare,
} from "./statistics/prediction-powered-share.ts";
export {
  MIN_JUDGE_ACCURACY,
  roganGladenShare,
  type RoganGladenShare,
} from "./statistics/rogan-gladen-share.ts";
export type { SampledGroup } from "./statistics/sampled-group.ts";
export { uncorrectedShares, type UncorrectedShares } from "./statistics/uncorrected-shares.ts";
export {
  verdictStratifiedShare,
  type CorrectedShare,
  type VerdictStrata,
} from "./statistics/verdict-stratified-share.ts";

// Money, and what another threshold or tier would do.
export { cascadeCost, type CascadeCost, type TierCost } from "./statistics/cascade-cost.ts";
export {
  routingHorizon,
  type RoutingHorizon,
  type RoutingPlan,
} from "./statistics/routing-horizon.ts";
export {
  MIN_SHADOW_ROWS,
  savingsEstimate,
  stratifiedSavings,
  type SavingsCounts,
  type SavingsEstimate,
  type SavingsStratum,
  type ShadowCost,
} from "./statistics/savings-estimate.ts";
export { studentTQuantile } from "./statistics/student-t-quantile.ts";
export {
  previewHigherThreshold,
  previewLowerThreshold,
  type GradedRows,
  type LoweredThreshold,
  type RaisedThreshold,
  type ThresholdPreview,
} from "./statistics/threshold-preview.ts";
export { tierWorth, type TierWorth } from "./statistics/tier-worth.ts";

// Comparing routes, and where they fail.
export { arenaScore } from "./statistics/arena-score.ts";
export { benefitLift } from "./statistics/benefit-lift.ts";
export { benjaminiHochberg } from "./statistics/benjamini-hochberg.ts";
export {
  costQualityArea,
  type CostQualityArea,
  type CostQualityPoint,
} from "./statistics/cost-quality-area.ts";
export type { SliceRow } from "./statistics/feature-table.ts";
export { gapRecovered, type GapRecovered, type RouterPoint } from "./statistics/gap-recovered.ts";
export { holm } from "./statistics/holm.ts";
export { hypergeometricTest, type HypergeometricTest } from "./statistics/hypergeometric-test.ts";
export { mcnemarExact } from "./statistics/mcnemar-exact.ts";
export {
  nonInferioritySampleSize,
  type ComparisonGuess,
  type NonInferioritySampleSize,
} from "./statistics/non-inferiority-sample-size.ts";
export {
  PAIRED_BETS,
  pairedNonInferiority,
  type PairedCounts,
  type PairedEvidence,
} from "./statistics/paired-non-inferiority.ts";
export {
  findSlices,
  type Slice,
  type SliceReport,
  type SliceSearchOptions,
} from "./statistics/slice-search.ts";
