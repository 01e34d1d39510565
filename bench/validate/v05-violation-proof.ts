import { startErrorWatch, watchError } from "../../src/watch/error-watch.ts";
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

/** After how many answers that shipped the badge says so; null if it does not. */
function provedAfter(random: Random, rate: (n: number) => number, most: number): number | null {
  let state = startErrorWatch(ALLOWED_RATE);
  for (let n = 1; n <= most; n += 1) {
    state = watchError(ALLOWED_RATE, state, { isWrong: random() < rate(n), weight: 1 }).state;
    if (state.isProved) return n;
  }
  return null;
}
