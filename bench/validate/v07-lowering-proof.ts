import { startBetting } from "../../src/statistics/betting-wealth.ts";
import {
  isLoweringProved,
  observeLowering,
  type LoweringPlan,
} from "../../src/statistics/lowering-proof.ts";
import type { Random } from "../../src/support/random.ts";
import { failureLimit, figureAtMost, type Experiment } from "./experiment.ts";
import { ALLOWED_RATE } from "./worlds.ts";

const PLAN: LoweringPlan = { atMost: ALLOWED_RATE, nth: 1, largestWeight: 4 };

export const LOWERING_PROOF: Experiment = {
  id: "V7-proof",
  claim: "A lowering at the edge is proved safe at most as often as allowed, a good one in time.",
  run: (random) => {
    const runs = 2_000;
    const proofs = Array.from({ length: runs }, () => provedAfter(random, 0.95 * ALLOWED_RATE));
    const needed = Array.from({ length: 401 }, () => provedAfter(random, 0.02) ?? Infinity);
    return [
      figureAtMost(
        "unequal grading at 95 % of the allowed rate: share of runs with a proof",
        proofs.filter((at) => at !== null).length / runs,
        failureLimit(0.025, runs),
      ),
      figureAtMost(
        "median grades until .02 is proved safe, with unequal grading",
        needed.toSorted((a, b) => a - b)[200] ?? NaN,
        600,
      ),
    ];
  },
};

/** After how many of 3,000 grades the proof stands; null if it does not. */
function provedAfter(random: Random, rate: number): number | null {
  let state = startBetting();
  for (let n = 1; n <= 3_000; n += 1) {
    // Half of the traffic is near the threshold, graded twice as often and wrong three times as
    // often as the rest; only with the weights is the mean the rate.
    const isNear = random() < 2 / 3;
    const propensity = isNear ? 0.5 : 0.25;
    const isWrong = random() < (isNear ? 1.5 : 0.5) * rate;
    state = observeLowering(PLAN, state, { isWrong, propensity });
    if (isLoweringProved(PLAN, state)) return n;
  }
  return null;
}
