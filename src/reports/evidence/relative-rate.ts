import { exactLowerBound, exactUpperBound } from "../../statistics/exact-binomial-bound.ts";
import { relativeLossBound } from "../../statistics/relative-accuracy.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import {
  isOfWholeRange,
  itemsIn,
  truthOf,
  wouldShip,
  type CountedEvidence,
} from "./item-outcome.ts";
import type { PromisedRate } from "./promised-rate.ts";

/**
 * `relative`: the part of the deep model's accuracy that is lost by shipping. From items of which
 * both answers are graded, that were drawn over the whole range of confidences and with the same
 * chance: the largest such group, since the test knows no weights.
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
  const count = (cheap: string, deep: string): number =>
    itemsIn(
      rows.filter(
        ({ key }) =>
          wouldShip(key, threshold) && truthOf(key.cheap) === cheap && truthOf(key.deep) === deep,
      ),
    );
  const harmed = count("wrong", "right");
  const helped = count("right", "wrong");
  const deepRight = itemsIn(rows.filter(({ key }) => truthOf(key.deep) === "right"));
  // What is lost of all rows is never more than what is lost of those that the deep model gets
  // right, so the lower bound errs on the quiet side; its two parts share the failure probability.
  const harm = exactLowerBound(harmed, graded, failureProbability / 2);
  const help = exactUpperBound(helped, graded, failureProbability / 2);
  const effects = { harmed, helped, otherDeepRight: deepRight - harmed };
  return {
    ...base,
    upperBound: relativeLossBound(effects, failureProbability),
    lowerBound: Math.max(0, harm - help),
  };
}

function isUsable({ key }: CountedEvidence): boolean {
  const isKnown = [truthOf(key.cheap), truthOf(key.deep)].every(
    (truth) => truth === "right" || truth === "wrong",
  );
  return isKnown && key.propensity !== null && isOfWholeRange(key);
}

function largestGroup(rows: readonly CountedEvidence[]): readonly CountedEvidence[] {
  const groups = [...Map.groupBy(rows, ({ key }) => key.propensity)];
  const [largest] = groups.toSorted(
    ([a, m], [b, n]) => itemsIn(n) - itemsIn(m) || (b ?? 0) - (a ?? 0),
  );
  return largest?.[1] ?? [];
}
