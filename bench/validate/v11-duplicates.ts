import { bettingUpperBound } from "../../src/statistics/betting-bound.ts";
import { certifyInSequence } from "../../src/statistics/certify-selective.ts";
import { clusterMeans } from "../../src/statistics/cluster-means.ts";
import type { Random } from "../../src/support/random.ts";
import { failureLimit, figureAtLeast, figureAtMost, type Experiment } from "./experiment.ts";
import { ALLOWED_RATE } from "./worlds.ts";

const FAILURE = 0.05;
const CLUSTERS = 200;
const CLUSTER_ROWS = 5;

export const DUPLICATES: Experiment = duplicates(2_000);

/** Rows that come in groups of five with one outcome, at a rate just beyond what is allowed. */
export function duplicates(runs: number): Experiment {
  return {
    id: "V11",
    claim: "Repeated requests break a promise unless they are collapsed to one row.",
    run: (random) => {
      const broken = { plain: 0, collapsed: 0, weighted: 0 };
      for (let run = 0; run < runs; run += 1) {
        const outcomes = Array.from({ length: CLUSTERS }, () => drawOutcome(random));
        const hits = outcomes.reduce((sum, outcome) => sum + outcome, 0);
        if (isCertified(hits * CLUSTER_ROWS, CLUSTERS * CLUSTER_ROWS)) broken.plain += 1;
        if (isCertified(hits, CLUSTERS)) broken.collapsed += 1;
        if (boundOfClusters(outcomes) <= ALLOWED_RATE) broken.weighted += 1;
      }
      return [
        figureAtLeast("teeth: not collapsed, share of broken promises", broken.plain / runs, 0.15),
        figureAtMost(
          "collapsed: share of broken promises",
          broken.collapsed / runs,
          failureLimit(FAILURE, runs),
        ),
        figureAtMost(
          "cluster means by betting: share of broken promises",
          broken.weighted / runs,
          failureLimit(FAILURE, runs),
        ),
      ];
    },
  };
}

function drawOutcome(random: Random): number {
  return random() < 1.002 * ALLOWED_RATE ? 1 : 0;
}

function isCertified(hits: number, trials: number): boolean {
  const target = { atMost: ALLOWED_RATE, failureProbability: FAILURE };
  return certifyInSequence([{ threshold: 0.9, hits, trials }], target).threshold !== null;
}

function boundOfClusters(outcomes: readonly number[]): number {
  const rows = outcomes.flatMap((value, i) =>
    Array.from({ length: CLUSTER_ROWS }, () => ({ cluster: String(i), value })),
  );
  return bettingUpperBound(clusterMeans(rows), CLUSTER_ROWS, FAILURE);
}
