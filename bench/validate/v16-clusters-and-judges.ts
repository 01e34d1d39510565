import { certifySample } from "../../src/reports/tune/certify-sample.ts";
import { createThresholdEvidence } from "../../src/reports/tune/threshold-evidence.ts";
import type { TuningGoal } from "../../src/reports/tune/tuning-goal.ts";
import type { SampleCell } from "../../src/reports/tune/tuning-sample.ts";
import type { Random } from "../../src/support/random.ts";
import { failureLimit, figureAtLeast, figureAtMost, type Experiment } from "./experiment.ts";
import { ALLOWED_RATE } from "./worlds.ts";

const FAILURE = 0.05;
const EDGE = 1.002 * ALLOWED_RATE;
const LOOKS = 6;

/** Sizes of clusters, alike often, and how much more often the large ones are wrong. */
const SIZES = [1, 2, 6] as const;
const CLUSTERS_A_LOOK = 120;

const JUDGED_A_LOOK = 400;
const JUDGE_MISSES = 0.3;
const CHECKED_SHARE = 0.25;

const GOAL: TuningGoal = {
  ...{ target: "selective", atMost: ALLOWED_RATE, confidence: 1 - FAILURE, looks: "any_time" },
};

export const CLUSTERS_AND_JUDGES: Experiment = clustersAndJudges(400);

/** Repeats of unequal size whose errors hang together, and a judge that lets errors pass. */
export function clustersAndJudges(runs: number): Experiment {
  return {
    id: "V16",
    claim: "Clusters of unequal size, and a judge that people check, keep the promise.",
    run: (random) => {
      const broken = { means: 0, oneEach: 0, judge: 0, judgeAlone: 0 };
      for (let run = 0; run < runs; run += 1) {
        const clusters = certifyClusters(random);
        if (clusters.means) broken.means += 1;
        if (clusters.oneEach) broken.oneEach += 1;
        const judged = certifyJudged(random);
        if (judged.corrected) broken.judge += 1;
        if (judged.alone) broken.judgeAlone += 1;
      }
      const limit = failureLimit(FAILURE, runs);
      return [
        figureAtMost("cluster means by size: share of broken promises", broken.means / runs, limit),
        figureAtLeast("teeth: one row of each cluster", broken.oneEach / runs, 0.5),
        figureAtMost("judge with its misses: share of broken promises", broken.judge / runs, limit),
        figureAtLeast("teeth: the judge alone", broken.judgeAlone / runs, 0.5),
      ];
    },
  };
}

function certifyClusters(random: Random): { readonly means: boolean; readonly oneEach: boolean } {
  // Errors by size: rows are wrong at just beyond the allowed rate, clusters much more rarely.
  const rows = SIZES.reduce((sum, size) => sum + size, 0);
  const largestRate = (EDGE * rows) / 6;
  const cells: SampleCell[] = [];
  let found = { means: false, oneEach: false };
  for (let look = 0; look < LOOKS; look += 1) {
    for (let i = 0; i < CLUSTERS_A_LOOK; i += 1) {
      const size = SIZES[Math.floor(random() * SIZES.length)] ?? 1;
      const isWrong = size === 6 && random() < largestRate;
      const cluster = `${String(look)}/${String(i)}`;
      cells.push(cellOf({ isWrong, cluster, rows: size }));
    }
    const single = cells.map((cell) => ({ ...cell, cluster: null, rows: 1 }));
    found = {
      means: found.means || isCertified(cells, GOAL),
      oneEach: found.oneEach || isCertified(single, GOAL),
    };
  }
  return found;
}

function certifyJudged(random: Random): { readonly corrected: boolean; readonly alone: boolean } {
  const counts = { right: 0, wrong: 0, missed: 0, checkedWrong: 0, checkedMissed: 0 };
  let found = { corrected: false, alone: false };
  for (let look = 0; look < LOOKS; look += 1) {
    for (let i = 0; i < JUDGED_A_LOOK; i += 1) {
      const isWrong = random() < EDGE;
      const isMissed = isWrong && random() < JUDGE_MISSES;
      const isChecked = random() < CHECKED_SHARE;
      if (!isWrong) counts.right += 1;
      else if (isChecked) counts[isMissed ? "checkedMissed" : "checkedWrong"] += 1;
      else counts[isMissed ? "missed" : "wrong"] += 1;
    }
    const cells = [
      cellOf({ isWrong: false, rows: counts.right + counts.missed }),
      cellOf({ isWrong: true, rows: counts.wrong }),
      cellOf({
        ...{ isWrong: true, rows: counts.checkedWrong },
        check: { isJudgedWrong: true, isWrong: true },
      }),
      cellOf({
        ...{ isWrong: false, rows: counts.checkedMissed },
        check: { isJudgedWrong: false, isWrong: true },
      }),
    ];
    found = {
      corrected: found.corrected || isCertified(cells, { ...GOAL, graders: "judge" }),
      alone: found.alone || isCertified(cells, GOAL),
    };
  }
  return found;
}

function isCertified(cells: readonly SampleCell[], goal: TuningGoal): boolean {
  const at = createThresholdEvidence(cells, {
    ...{ goal, liveRanges: new Map(), shareShipped: () => null },
  });
  return certifySample([at(0.9)], goal, FAILURE).threshold !== null;
}

function cellOf(changes: Partial<SampleCell>): SampleCell {
  return {
    ...{ dayMs: 0, confidence: 0.9, isWrong: false, isDeepWrong: null, weight: 1 },
    ...{ draw: "whole_range" as const, cluster: null, gradeLevel: 0, check: null, rows: 1 },
    ...changes,
  };
}
