import type { Grade } from "../../ledger/records/evidence.ts";
import { judgeAgreement, type JudgeAgreement } from "../../statistics/judge-agreement.ts";

/** What one grader has said so far. */
export interface OwnVerdicts {
  /** Cards answered, those taken back and repeats included. */
  readonly occasions: number;
  /** Standing first verdicts, oldest first. */
  readonly verdicts: readonly OwnVerdict[];
}

export interface OwnVerdict {
  readonly itemId: string;
  readonly tier: number;
  readonly outcome: Grade["outcome"];
  /** What the grader said of the same card later; null when it was not asked again. */
  readonly repeatOutcome: Grade["outcome"] | null;
}

/** @param grades verdicts of people, newest first, as the ledger pages them */
export function ownVerdicts(grades: readonly Grade[], grader: string): OwnVerdicts {
  const own = grades
    .filter((grade) => grade.by === "human" && grade.grader === grader)
    .toReversed();
  const tiers = new Map<string, number>();
  for (const { itemId, tier } of own) {
    tiers.set(itemId, Math.min(tier, tiers.get(itemId) ?? tier));
  }
  // Of a card with two answers the cheap one stands for it.
  const cards = own.filter(({ itemId, tier }) => tiers.get(itemId) === tier);
  const verdicts = new Map<string, OwnVerdict>();
  for (const { itemId, tier, outcome, isRepeat, retractedAtMs } of cards) {
    if (retractedAtMs !== null) continue;
    const first = verdicts.get(itemId);
    if (!isRepeat) verdicts.set(itemId, { itemId, tier, outcome, repeatOutcome: null });
    else if (first !== undefined) verdicts.set(itemId, { ...first, repeatOutcome: outcome });
  }
  return { occasions: cards.length, verdicts: [...verdicts.values()] };
}

/**
 * How far a grader agrees with earlier verdicts of their own, on answers of the cheap model that were
 * asked about twice. Null when none was, or one of the two times nobody could tell.
 */
export function selfAgreement(verdicts: readonly OwnVerdict[]): JudgeAgreement | null {
  const count = (first: string, second: string): number =>
    verdicts.filter(({ outcome, repeatOutcome }) => outcome === first && repeatOutcome === second)
      .length;
  return judgeAgreement({
    bothRight: count("right", "right"),
    bothWrong: count("wrong", "wrong"),
    falseAlarm: count("right", "wrong"),
    missed: count("wrong", "right"),
  });
}
