import type { EvidenceCount } from "../../src/ledger/records/evidence.ts";
import {
  describeCandidate,
  type CandidateReport,
} from "../../src/reports/candidates/candidate-report.ts";
import { tierWorth } from "../../src/statistics/tier-worth.ts";
import type { Random } from "../../src/support/random.ts";
import { failureLimit, figureAtLeast, figureAtMost, type Experiment } from "./experiment.ts";
import { ALLOWED_RATE, createSampler, EDGE_WORLD, trueRate } from "./worlds.ts";

const FAILURE = 0.05;
const ASKED = 1_000;

/** What a candidate may do with a request; all shares sum to 1. */
interface Kind {
  readonly share: number;
  /** Null = no usable answer. */
  readonly confidence: number | null;
  readonly differsRate: number;
  /** Of the deep call, in units of the mean one. */
  readonly deepCost: number;
}

export const MIDDLE_TIER_ADVICE: Experiment = middleTierAdvice(1_500);

/** Candidates whose worth is known, just beyond what would be worth it. */
export function middleTierAdvice(runs: number): Experiment {
  return {
    id: "V18",
    claim: "A candidate is advised only where it keeps the promise and pays.",
    run: (random) => {
      const harm = { advised: 0, careless: 0 };
      const money = { advised: 0, careless: 0 };
      for (let run = 0; run < runs; run += 1) {
        const onEdge = describe(random, ON_THE_EDGE, 0.01);
        if (breaksPromise(onEdge)) harm.advised += 1;
        if (isCarelesslyHarmful(onEdge)) harm.careless += 1;
        const cheapOnes = describe(random, CLOSES_THE_CHEAP, 0.501 * CLOSED_SHARE);
        if (cheapOnes.says === "add_tier") money.advised += 1;
        if (isCarelesslyAdvised(cheapOnes)) money.careless += 1;
      }
      const limit = failureLimit(FAILURE, runs);
      return [
        figureAtMost("advised at a threshold that breaks the promise", harm.advised / runs, limit),
        figureAtLeast("teeth: by the observed rate", harm.careless / runs, 3 * FAILURE),
        figureAtMost("advised though it costs more than it spares", money.advised / runs, limit),
        figureAtLeast("teeth: by the mean deep cost", money.careless / runs, 0.5),
      ];
    },
  };
}

/** Every threshold but the strictest lets just too many answers pass that differ. */
const ON_THE_EDGE: readonly Kind[] = EDGE_WORLD.atoms.map(({ confidence, mass, wrongRate }) => ({
  ...{ share: mass, confidence, differsRate: wrongRate, deepCost: 1 },
}));

const CLOSED_SHARE = 0.4;

/** What it closes costs half of the mean, so that it spares just less than it costs. */
const CLOSES_THE_CHEAP: readonly Kind[] = [
  { share: CLOSED_SHARE / 2, confidence: 0.95, differsRate: 0, deepCost: 0.5 },
  { share: CLOSED_SHARE / 2, confidence: 0.9, differsRate: 0, deepCost: 0.5 },
  {
    ...{ share: 1 - CLOSED_SHARE, confidence: null, differsRate: 0 },
    deepCost: (1 - 0.5 * CLOSED_SHARE) / (1 - CLOSED_SHARE),
  },
];

function breaksPromise({ says, best }: CandidateReport): boolean {
  return (
    says === "add_tier" && best !== null && trueRate(EDGE_WORLD, best.threshold) > ALLOWED_RATE
  );
}

function isCarelesslyHarmful({ thresholds }: CandidateReport): boolean {
  const loosest = thresholds.findLast(({ hits, trials }) => hits <= ALLOWED_RATE * trials);
  return loosest !== undefined && trueRate(EDGE_WORLD, loosest.threshold) > ALLOWED_RATE;
}

function isCarelesslyAdvised({ asked, best, costs }: CandidateReport): boolean {
  if (best === null || costs === null) return false;
  const { candidateUsd, withoutUsd } = costs;
  return tierWorth(best.closes, asked, candidateUsd, withoutUsd).decision === "keep";
}

/** @param cost of asking, in units of the mean deep call */
function describe(random: Random, kinds: readonly Kind[], cost: number): CandidateReport {
  const counts = new Map<string, EvidenceCount>();
  const draw = createSampler(kinds.map(({ share }) => share));
  for (let request = 0; request < ASKED; request += 1) {
    const kind = kinds[draw(random)];
    if (kind === undefined) continue;
    const differs = kind.confidence === null ? null : random() < kind.differsRate;
    const name = `${String(kind.confidence)} ${String(differs)}`;
    counts.set(name, countOf(kind, differs, cost, (counts.get(name)?.items ?? 0) + 1));
  }
  return describeCandidate([...counts.values()], {
    ...{ model: "candidate", candidates: 1 },
    promised: { atMost: ALLOWED_RATE, failureProbability: FAILURE },
  });
}

const UNIT_NANO_USD = 10_000_000;
const UNGRADED = { label: null, human: null, judge: null } as const;

function countOf(
  { confidence, deepCost }: Kind,
  differs: boolean | null,
  cost: number,
  items: number,
): EvidenceCount {
  return {
    key: {
      ...{ dayMs: 0, tier: 100, deepTier: 1, source: "traffic", dataset: null, route: "simulated" },
      ...{ task: null, inputClasses: [], decision: "escalated", propensity: 0.05 },
      ...{ cheapModel: "candidate", deepModel: "deep", promptHash: null, confidence, differs },
      ...{ cheapMissing: confidence === null ? "null_answer" : null, deepMissing: null },
      ...{ cheap: UNGRADED, deep: UNGRADED, isClustered: false, gradeLevel: 0 },
    },
    items,
    pricedItems: items,
    cheapCostNanoUsd: BigInt(items * Math.round(cost * UNIT_NANO_USD)),
    deepCostNanoUsd: BigInt(items * Math.round(deepCost * UNIT_NANO_USD)),
  };
}
