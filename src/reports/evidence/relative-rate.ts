import { exactLowerBound, exactUpperBound } from "../../statistics/exact-binomial-bound.ts";
import { relativeLossBound } from "../../statistics/relative-accuracy.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import {
  isOfWholeRange,
  itemsIn,
  truthOf,
  wouldShip,
  type CountedEvidence,
  type Truth,
} from "./item-outcome.ts";
import type { PromisedRate } from "./promised-rate.ts";

/**
 * `relative`: the part of the deep model's accuracy that is lost by shipping. From items of which
 * both answers are graded, that were drawn over the whole range of confidences and with the same
 * chance: the largest such group, since the test knows no weights. What is undecided shows a loss in
 * the bound from above and hides one in the bound from below.
 */
export function relativeRate(
  counts: readonly CountedEvidence[],
  threshold: number,
  failureProbability: number,
): PromisedRate {
  const rows = largestGroup(counts.filter(isUsable));
  const graded = itemsIn(rows);
  const base = {
    target: "relative",
    share: null,
    interval: null,
    graded,
    effective: { trials: graded, hits: 0 },
  } as const;
  if (graded < MIN_OBSERVATIONS) return { ...base, upperBound: null, lowerBound: null };
  const count = (cheap: readonly Truth[], deep: readonly Truth[]): number =>
    itemsIn(
      rows.filter(
        ({ key }) =>
          wouldShip(key, threshold) &&
          cheap.includes(truthOf(key.cheap)) &&
          deep.includes(truthOf(key.deep)),
      ),
    );
  const harmed = count(["wrong", "disputed"], ["right", "disputed"]);
  const helped = count(["right"], ["wrong"]);
  const harmedForSure = count(["wrong"], ["right"]);
  const helpedAtBest = count(["right", "disputed"], ["wrong", "disputed"]);
  const deepRight = itemsIn(rows.filter(({ key }) => truthOf(key.deep) === "right"));
  // Of the deep model's right answers, those that are not lost; undecided ones are none of them.
  const otherDeepRight = deepRight - count(["wrong", "disputed"], ["right"]);
  // What is lost of all rows is never more than what is lost of those that the deep model gets
  // right, so the lower bound errs on the quiet side; its two parts share the failure probability.
  const harm = exactLowerBound(harmedForSure, graded, failureProbability / 2);
  const help = exactUpperBound(helpedAtBest, graded, failureProbability / 2);
  const effects = { harmed, helped, otherDeepRight };
  return {
    ...base,
    upperBound: relativeLossBound(effects, failureProbability),
    lowerBound: Math.max(0, harm - help),
  };
}

function isUsable({ key }: CountedEvidence): boolean {
  const isGraded = truthOf(key.cheap) !== null && truthOf(key.deep) !== null;
  return isGraded && key.propensity !== null && isOfWholeRange(key);
}

function largestGroup(rows: readonly CountedEvidence[]): readonly CountedEvidence[] {
  const groups = [...Map.groupBy(rows, ({ key }) => key.propensity)];
  const [largest] = groups.toSorted(
    ([a, m], [b, n]) => itemsIn(n) - itemsIn(m) || (b ?? 0) - (a ?? 0),
  );
  return largest?.[1] ?? [];
}
