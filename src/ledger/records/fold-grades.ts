import type { Grade, Outcome, Outcomes } from "./evidence.ts";
import type { ItemOutcomes } from "./evidence-row.ts";

/** What folding needs to know of a verdict. */
export type StandingGrade = Pick<Grade, "tier" | "by" | "outcome">;

/**
 * What graders say of an item once all these verdicts are counted. The order of verdicts matters to
 * `differs` alone, where the last one holds: a later comparison replaces an earlier one.
 *
 * @param own what came with the evidence itself, which no retraction takes away
 * @param grades verdicts on the item that stand and are no repeats, oldest first
 */
export function foldGrades(
  own: ItemOutcomes,
  tiers: { readonly tier: number; readonly deepTier: number },
  grades: readonly StandingGrade[],
): ItemOutcomes {
  let { cheap, deep, differs } = own;
  for (const grade of grades) {
    if (grade.by === "agreement") {
      if (grade.tier === tiers.tier) differs = foldAgreement(differs, grade.outcome);
    } else if (grade.tier === tiers.tier) cheap = foldSide(cheap, grade.by, grade.outcome);
    else if (grade.tier === tiers.deepTier) deep = foldSide(deep, grade.by, grade.outcome);
  }
  return { cheap, deep, differs };
}

/**
 * Graders of one kind that contradict each other are `disputed`, and stay so. One who cannot tell
 * contradicts nobody. The order of verdicts does not matter.
 */
export function foldOutcome(before: Outcome | null, verdict: Grade["outcome"]): Outcome | null {
  if (verdict === "cannot_tell") return before ?? verdict;
  if (verdict !== "right" && verdict !== "wrong") return before;
  const isOpen = before === null || before === "cannot_tell" || before === verdict;
  return isOpen ? verdict : "disputed";
}

function foldSide(
  side: Outcomes,
  by: Exclude<Grade["by"], "agreement">,
  verdict: Grade["outcome"],
): Outcomes {
  return { ...side, [by]: foldOutcome(side[by], verdict) };
}

function foldAgreement(before: boolean | null, verdict: Grade["outcome"]): boolean | null {
  if (verdict === "differs") return true;
  return verdict === "same" ? false : before;
}
