import { errorDetectorPlan } from "../../src/statistics/detector-plans.ts";
import {
  isViolationProved,
  observeViolation,
  startViolationProof,
} from "../../src/statistics/violation-proof.ts";
import type { Random } from "../../src/support/random.ts";
import { failureLimit, figureAtMost, type Experiment } from "./experiment.ts";
import { ALLOWED_RATE } from "./worlds.ts";

const FAILURE = 0.05;

export const VIOLATION_PROOF: Experiment = {
  id: "V5",
  claim:
    "A violation is proved wrongly, ever, at most as often as allowed, and a real one in time.",
  run: (random) => {
    const runs = 1_000;
    const atEdge = Array.from({ length: runs }, () =>
      provedAfter(random, () => ALLOWED_RATE, 8_000),
    );
    const delays = Array.from({ length: 300 }, () => {
      const at = provedAfter(random, (n) => (n <= 1_000 ? 0.02 : 0.1), 8_000);
      return at === null ? Infinity : at - 1_000;
    });
    return [
      figureAtMost(
        "share of runs of 8,000 grades at the allowed rate with a proof",
        atEdge.filter((at) => at !== null).length / runs,
        failureLimit(FAILURE, runs),
      ),
      figureAtMost(
        "median grades until .02 → .10 is proved, after 1,000 quiet ones",
        delays.toSorted((a, b) => a - b)[150] ?? NaN,
        600,
      ),
    ];
  },
};

/** After how many observations the proof stands; null if it does not. */
function provedAfter(random: Random, rate: (n: number) => number, most: number): number | null {
  const plan = errorDetectorPlan(ALLOWED_RATE);
  let state = startViolationProof(plan);
  for (let n = 1; n <= most; n += 1) {
    state = observeViolation(plan, state, random() < rate(n) ? 1 : 0);
    if (isViolationProved(state, FAILURE)) return n;
  }
  return null;
}
