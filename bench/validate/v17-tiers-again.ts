import { tierTuningReport } from "../../src/reports/tune/tier-tuning.ts";
import type { TierRow } from "../../src/reports/tune/tier-rows.ts";
import { measureSettings, tierSettings } from "../../src/reports/tune/tier-settings.ts";
import type { TuningGoal } from "../../src/reports/tune/tuning-goal.ts";
import type { Random } from "../../src/support/random.ts";
import { failureLimit, figureAtLeast, figureAtMost, type Experiment } from "./experiment.ts";

const FAILURE = 0.05;
const COSTS = [1, 6, 30] as const;
const ROWS = [700, 1_000, 1_400, 2_000];

/** What the two cheaper tiers state, each as often, and how often they are then wrong. */
const FIRST = [
  { confidence: 0.95, wrong: 0.01 },
  { confidence: 0.9, wrong: 0.06 },
  { confidence: 0.7, wrong: 0.2 },
] as const;
const SECOND = [
  { confidence: 0.9, wrong: 0.03 },
  { confidence: 0.8, wrong: 0.1 },
  { confidence: 0.5, wrong: 0.3 },
] as const;

/** The true loss of a pair of thresholds. */
function trueLoss([first = 1.01, second = 1.01]: readonly number[]): number {
  let loss = 0;
  for (const one of FIRST) {
    for (const two of SECOND) {
      const wrong = one.confidence >= first ? one.wrong : two.confidence >= second ? two.wrong : 0;
      loss += wrong / (FIRST.length * SECOND.length);
    }
  }
  return loss;
}

/** Just below what shipping at 0.9 from both tiers loses. */
const ALLOWED = trueLoss([0.9, 0.9]) / 1.002;

export const TIERS_AGAIN: Experiment = tiersAgain(300);

/** Three tiers whose thresholds are tuned together, again and again as rows arrive. */
export function tiersAgain(runs: number): Experiment {
  return {
    id: "V17",
    claim: "Thresholds of three tiers, tuned together at every look, keep the promise.",
    run: (random) => {
      const broken = { ours: 0, naive: 0 };
      let certified = 0;
      for (let run = 0; run < runs; run += 1) {
        const rows = drawRows(random, ROWS.at(-1) ?? 0);
        const found = ROWS.map((count) => tune(rows.slice(0, count)));
        if (found.some(isTooMuch)) broken.ours += 1;
        if (found.at(-1) !== null) certified += 1;
        if (isTooMuch(cheapestObserved(rows.slice(0, 1_000)))) broken.naive += 1;
      }
      return [
        figureAtMost(
          "share of runs that certify a bad setting at any look",
          broken.ours / runs,
          failureLimit(FAILURE, runs),
        ),
        figureAtLeast("share of runs that certify a setting in the end", certified / runs, 0.8),
        figureAtLeast("teeth: the cheapest by observed loss", broken.naive / runs, 0.15),
      ];
    },
  };
}

function tune(rows: readonly TierRow[]): readonly number[] | null {
  const goal: TuningGoal = {
    ...{ target: "joint", atMost: ALLOWED, confidence: 1 - FAILURE, looks: "any_time" },
  };
  const sample = { strata: [null, null], rows, unfitItems: 0, waitingItems: 0 };
  return tierTuningReport("simulated", sample, goal, {}).thresholds;
}

function isTooMuch(thresholds: readonly number[] | null): boolean {
  return thresholds !== null && trueLoss(thresholds) > ALLOWED;
}

function cheapestObserved(rows: readonly TierRow[]): readonly number[] | null {
  const settings = tierSettings(rows, 3);
  const fine = measureSettings(settings, rows, COSTS).filter(({ lossRate }) => lossRate <= ALLOWED);
  const id = fine.toSorted((a, b) => a.cost - b.cost)[0]?.id;
  return settings.find((setting) => setting.id === id)?.thresholds ?? null;
}

function drawRows(random: Random, count: number): readonly TierRow[] {
  return Array.from({ length: count }, (_, index): TierRow => {
    const one = FIRST[Math.floor(random() * FIRST.length)] ?? FIRST[0];
    const two = SECOND[Math.floor(random() * SECOND.length)] ?? SECOND[0];
    return {
      ...{ itemId: String(index), createdAtMs: 0, costs: COSTS },
      confidences: [one.confidence, two.confidence],
      isWrong: [random() < one.wrong, random() < two.wrong],
    };
  });
}
