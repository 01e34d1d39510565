import type { EvidenceCount, Outcome } from "../../src/ledger/records/evidence.ts";
import type { TuningEvidence } from "../../src/reports/tune/ask-evidence.ts";
import { tuningReport } from "../../src/reports/tune/tuning-report.ts";
import type { Random } from "../../src/support/random.ts";
import { figureAtLeast, figureAtMost, type ValidationFigure } from "./experiment.ts";
import { shareOf } from "./v07-controller.ts";
import { ALLOWED_RATE, createSampler, type World } from "./worlds.ts";

/** Days of a route that shipped from one threshold on, so that nothing below was graded. */
export interface ShippedDays {
  readonly world: World;
  readonly threshold: number;
}

/** Certificates by `leadsman tune` from shipped answers of days with one threshold. */
export function certificateFigures(random: Random, days: ShippedDays): readonly ValidationFigure[] {
  const calibrations = Array.from({ length: 100 }, () => shippedCounts(random, days));
  const certified = calibrations.map((counts) => certify(counts, days));
  const observed = calibrations.map((counts) => observedRate(counts, days));
  const below = (thresholds: readonly (number | null)[]): number =>
    shareOf(thresholds, (threshold) => threshold !== null && threshold < days.threshold);
  return [
    figureAtMost("certificates below the threshold that shipped", below(certified), 0),
    figureAtLeast(
      "certificates at the threshold that shipped",
      shareOf(certified, (threshold) => threshold === days.threshold),
      0.9,
    ),
    figureAtLeast("teeth: below it by the rate of what was graded", below(observed), 0.9),
  ];
}

const DAY = Date.UTC(2026, 10, 1);
const GRADES = 2_000;
const MODELS = { cheapModel: "cheap", deepModel: "deep", promptHash: "prompt" };

function certify(
  evidence: readonly EvidenceCount[],
  { world, threshold }: ShippedDays,
): number | null {
  const all: TuningEvidence = {
    evidence,
    triages: world.atoms.map(({ confidence, mass }) => ({
      ...{ dayMs: DAY, route: "live", task: null, tier: 0, role: "triage", model: "cheap" },
      ...{ promptHash: "prompt", confidence, failureCode: null },
      ...{ triages: Math.round(100_000 * mass), pricedTriages: 0, costNanoUsd: 0n },
    })),
    liveRanges: new Map([[DAY, threshold]]),
  };
  return tuningReport(
    "live",
    all,
    { target: "selective", atMost: ALLOWED_RATE, confidence: 0.95, looks: "any_time" },
    { nowMs: DAY + 86_400_000 },
  ).threshold;
}

/** Careless: the loosest confidence from which on no more of what was graded was wrong than allowed. */
function observedRate(evidence: readonly EvidenceCount[], { world }: ShippedDays): number | null {
  const loosest = world.atoms.toReversed().find(({ confidence }) => {
    const above = evidence.filter(({ key }) => (key.confidence ?? 0) >= confidence);
    const sum = (counts: readonly EvidenceCount[]): number =>
      counts.reduce((total, { items }) => total + items, 0);
    return sum(above.filter(({ key }) => key.cheap.label === "wrong")) <= ALLOWED_RATE * sum(above);
  });
  return loosest?.confidence ?? null;
}

function shippedCounts(
  random: Random,
  { world, threshold }: ShippedDays,
): readonly EvidenceCount[] {
  const shipped = world.atoms.filter(({ confidence }) => confidence >= threshold);
  const mass = shipped.reduce((sum, atom) => sum + atom.mass, 0);
  const drawAtom = createSampler(shipped.map((atom) => atom.mass / mass));
  const counts = shipped.map(() => ({ right: 0, wrong: 0 }));
  for (let n = 0; n < GRADES; n += 1) {
    const at = drawAtom(random);
    const count = counts[at];
    if (count === undefined) continue;
    if (random() < (shipped[at]?.wrongRate ?? 0)) count.wrong += 1;
    else count.right += 1;
  }
  return shipped.flatMap(({ confidence }, at) =>
    (["right", "wrong"] as const).map((outcome) =>
      countOf(confidence, outcome, counts[at]?.[outcome] ?? 0),
    ),
  );
}

function countOf(confidence: number, label: Outcome, items: number): EvidenceCount {
  const nobody = { label: null, human: null, judge: null };
  return {
    key: {
      ...{ tier: 0, deepTier: 1, source: "traffic", dataset: null, route: "live", task: null },
      ...{ inputClasses: [], decision: "shipped", propensity: 0.05, confidence, ...MODELS },
      ...{ cheapMissing: null, deepMissing: "not_sampled", differs: null },
      ...{ cheap: { ...nobody, label }, deep: nobody },
      ...{ dayMs: DAY, isClustered: false, gradeLevel: 0 },
    },
    ...{ items, pricedItems: 0, cheapCostNanoUsd: 0n, deepCostNanoUsd: 0n },
  };
}
