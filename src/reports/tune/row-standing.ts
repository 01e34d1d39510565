import { bestOutcome } from "../../ledger/records/best-outcome.ts";
import type { EvidenceKey, Outcome, Outcomes } from "../../ledger/records/evidence.ts";
import type { TuningGoal } from "./tuning-goal.ts";

/** Why evidence is shown and stays outside every bound. */
export type LeftOutReason = keyof typeof LEFT_OUT_SENTENCES;

export interface LeftOut {
  readonly reason: LeftOutReason;
  readonly items: number;
  readonly sentence: string;
}

/** What a row may do for a bound: enter it, wait for a grade, or stay outside. */
export type RowStanding = "usable" | "ungraded" | LeftOutReason;

const LEFT_OUT_SENTENCES = {
  other_stratum:
    "from other models or another prompt, whose errors say nothing of the present ones",
  judge_only: "graded by a judge model alone, which errs itself",
  clustered: "belong to sessions or repeats, and too many of them to read one by one",
  unknown_propensity: "nobody drew them, so they may be the odd ones that somebody noticed",
  part_of_range: "drawn in live, on days of which the range of confidences is not known",
  other_sample: "from another source than the largest sample, or drawn otherwise",
  deep_ungraded: "only the cheap answer is graded, and a relative target compares both",
  cheap_unseen: "nobody asked the cheap model, or its answer did not come to us",
  waiting: "graded, but items before them in the order of grading are not",
} as const;

/** Sides that say nothing of what the cheap model would have answered. */
const UNSEEN: ReadonlySet<string> = new Set([
  "pending",
  "not_sampled",
  "not_eligible",
  "other_side_missing",
  "over_budget",
  "over_capacity",
  "credential_gone",
  "text_gone",
  "route_gone",
  "client_left",
  "low_confidence",
]);

/**
 * Looks at who has graded, never at whether the answer was right: what was looked at and not decided is
 * as usable as the rest, else the doubtful ones would be missing where answers are held to be right.
 */
export function standingOf(key: EvidenceKey, goal: GradedGoal): RowStanding {
  if (key.cheapMissing !== null && UNSEEN.has(key.cheapMissing)) return "cheap_unseen";
  const isRelative = goal.target === "relative";
  // What cannot ship needs no grade to be known not to ship wrong.
  if (canShip(key) || isRelative) {
    const cheap = gradeOf(key.cheap, goal);
    if (cheap === "judge_only" || cheap === "ungraded") return cheap;
  }
  if (isRelative) {
    const deep = gradeOf(key.deep, goal);
    if (deep === "ungraded") return "deep_ungraded";
    if (deep === "judge_only") return deep;
  }
  return (key.propensity ?? 0) > 0 ? "usable" : "unknown_propensity";
}

export function canShip({
  cheapMissing,
  confidence,
}: Pick<EvidenceKey, "cheapMissing" | "confidence">): boolean {
  return cheapMissing === null && confidence !== null;
}

/** What counts about one answer: the best of labels and people, or the judge where it stands in. */
export function gradeOf(
  outcomes: Outcomes,
  { graders }: Pick<TuningGoal, "graders">,
): Outcome | "judge_only" | "ungraded" {
  if (graders === "judge") return outcomes.judge ?? "ungraded";
  const outcome = bestOutcome(outcomes);
  if (outcome === null) return "ungraded";
  return outcomes.label === null && outcomes.human === null ? "judge_only" : outcome;
}

/** Looked at, and not decided: graders contradict each other, or nobody could tell. */
export function isUndecided(grade: ReturnType<typeof gradeOf>): grade is Undecided {
  return grade === "disputed" || grade === "cannot_tell";
}

export type Undecided = Extract<Outcome, "disputed" | "cannot_tell">;

export function leftOutOf(parts: Iterable<readonly [LeftOutReason, number]>): readonly LeftOut[] {
  const sums = new Map<LeftOutReason, number>();
  for (const [reason, items] of parts) sums.set(reason, (sums.get(reason) ?? 0) + items);
  return [...sums]
    .filter(([, items]) => items > 0)
    .map(([reason, items]) => ({ reason, items, sentence: LEFT_OUT_SENTENCES[reason] }));
}

type GradedGoal = Pick<TuningGoal, "target" | "graders">;
