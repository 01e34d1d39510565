import type { EvidenceKey } from "../../ledger/records/evidence.ts";
import { kornGraubardInterval } from "../../statistics/korn-graubard-interval.ts";
import { mcnemarExact } from "../../statistics/mcnemar-exact.ts";
import type { ShareInterval } from "../../statistics/wilson-interval.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import { itemsIn, judgedAs, truthOf, type CountedEvidence } from "./item-outcome.ts";

/** How often the two answers differ, and who was right when they did. */
export interface DifferenceReport {
  /** Items whose answers were compared. */
  readonly compared: number;
  readonly differing: number;
  /** Weighted, 0–1; null = not known yet. Different never means wrong. */
  readonly share: number | null;
  readonly interval: ShareInterval | null;
  /** Differing items of which both answers were graded, by the best grader of both. */
  readonly graded: readonly GradedDifferences[];
  /**
   * Exact two-sided p of McNemar's test over the truths of all items (by label or human): whether
   * one model is right more often than the other. Null without a discordant item.
   */
  readonly discordantP: number | null;
}

export interface GradedDifferences {
  readonly by: "label" | "human" | "judge";
  readonly items: number;
  readonly onlyCheapRight: number;
  readonly onlyDeepRight: number;
  readonly bothRight: number;
  readonly bothWrong: number;
}

export function describeDifferences(counts: readonly CountedEvidence[]): DifferenceReport {
  const compared = counts.filter(({ key }) => key.differs !== null);
  const differing = compared.filter(({ key }) => key.differs === true);
  const weighted = kornGraubardInterval(differenceGroups(compared));
  const isKnown = weighted !== null && itemsIn(compared) >= MIN_OBSERVATIONS;
  return {
    compared: itemsIn(compared),
    differing: itemsIn(differing),
    share: isKnown ? weighted.share : null,
    interval: isKnown ? weighted.interval : null,
    graded: GRADERS.flatMap((by) => countGraded(differing, by)),
    discordantP: discordantP(counts),
  };
}

const GRADERS = ["label", "human", "judge"] as const;

function differenceGroups(compared: readonly CountedEvidence[]) {
  const groups = Map.groupBy(compared, ({ key }) => key.propensity);
  return [...groups]
    .flatMap(([propensity, rows]) => {
      if (propensity === null || propensity <= 0) return [];
      const hits = itemsIn(rows.filter(({ key }) => key.differs === true));
      return [{ propensity, trials: itemsIn(rows), hits }];
    })
    .toSorted((a, b) => a.propensity - b.propensity);
}

function countGraded(
  rows: readonly CountedEvidence[],
  by: GradedDifferences["by"],
): readonly GradedDifferences[] {
  const graded = rows.filter(({ key }) => graderOf(key) === by);
  if (graded.length === 0) return [];
  const count = (cheap: string, deep: string): number =>
    itemsIn(
      graded.filter(
        ({ key }) => verdict(key, "cheap", by) === cheap && verdict(key, "deep", by) === deep,
      ),
    );
  return [
    {
      by,
      items: itemsIn(graded),
      onlyCheapRight: count("right", "wrong"),
      onlyDeepRight: count("wrong", "right"),
      bothRight: count("right", "right"),
      bothWrong: count("wrong", "wrong"),
    },
  ];
}

/** The best kind of grader that has a say on both sides; null when none has. */
function graderOf(key: EvidenceKey): GradedDifferences["by"] | null {
  return (
    GRADERS.find(
      (by) => isVerdict(verdict(key, "cheap", by)) && isVerdict(verdict(key, "deep", by)),
    ) ?? null
  );
}

function verdict(
  key: EvidenceKey,
  side: "cheap" | "deep",
  by: GradedDifferences["by"],
): string | null {
  const outcomes = key[side];
  return by === "judge" ? judgedAs(outcomes) : outcomes[by];
}

function isVerdict(outcome: string | null): boolean {
  return outcome === "right" || outcome === "wrong";
}

function discordantP(counts: readonly CountedEvidence[]): number | null {
  const count = (cheap: string, deep: string): number =>
    itemsIn(counts.filter(({ key }) => truthOf(key.cheap) === cheap && truthOf(key.deep) === deep));
  const onlyDeep = count("wrong", "right");
  const onlyCheap = count("right", "wrong");
  return onlyDeep + onlyCheap === 0 ? null : mcnemarExact(onlyDeep, onlyCheap);
}
