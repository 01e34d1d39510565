import type { EvidenceCount } from "../../ledger/records/evidence.ts";
import type { QueueCounts } from "./grading-queue.ts";
import type { GradingScope } from "./scan-items.ts";

/** Why there is no card, and what would bring some. */
export interface NothingToGrade {
  readonly reason:
    "no_evidence" | "texts_missing" | "outside_bounds" | "out_of_scope" | "all_graded";
  readonly sentence: string;
  readonly advice: string;
}

/**
 * @param counts of the scope's route, over all time
 * @param queue as it stands after it gave no card
 */
export function nothingToGrade(
  counts: readonly EvidenceCount[],
  queue: QueueCounts,
  { route, isForBounds }: GradingScope,
): NothingToGrade {
  const sum = (isCounted: (key: EvidenceCount["key"]) => boolean): number =>
    counts.reduce((total, { key, items }) => total + (isCounted(key) ? items : 0), 0);
  const name = route ?? "<route>";
  const answers = sum(({ cheapMissing }) => cheapMissing === null);
  const ungraded = sum(
    ({ cheapMissing, cheap }) =>
      cheapMissing === null && cheap.label === null && cheap.human === null,
  );
  if (answers === 0) {
    return {
      reason: "no_evidence",
      sentence: "There is no answer of a cheap model that was drawn to be compared or graded.",
      advice:
        "In shadow every triaged request is one; in live, sampling.grade says which share is. " +
        "`leadsman import` brings recorded answers.",
    };
  }
  if (queue.withoutTexts > 0) {
    return {
      reason: "texts_missing",
      sentence: `The texts of ${items(queue.withoutTexts)} are not kept, or no longer.`,
      advice:
        "`bodies` of the route says whether texts are kept, ledger.bodyRetentionDays for how long; " +
        "an import without --no-bodies brings them along.",
    };
  }
  if (isForBounds && queue.outsideBounds > 0) {
    return {
      reason: "outside_bounds",
      sentence: `Nobody drew ${items(queue.outsideBounds)}, or they belong to sessions and repeats.`,
      advice: "No bound can use their grades; to grade them all the same, add --all.",
    };
  }
  if (ungraded > 0) {
    return {
      reason: "out_of_scope",
      sentence:
        `Nothing is left here of ${items(ungraded)} without a right or a wrong: they lie outside of ` +
        "the time or the confidence that was asked for, or somebody could not tell.",
      advice: `\`leadsman pairs ${name}\` shows them.`,
    };
  }
  return {
    reason: "all_graded",
    sentence: `All ${items(answers)} are graded.`,
    advice: `\`leadsman tune ${name}\` says what they prove.`,
  };
}

function items(count: number): string {
  return count === 1 ? "1 item" : `${count} items`;
}
