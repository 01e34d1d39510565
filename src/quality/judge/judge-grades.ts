import { isCandidateTier } from "../../ledger/records/candidate-tier.ts";
import type { Evidence, Grade } from "../../ledger/records/evidence.ts";
import type { Job } from "../../ledger/records/job.ts";
import { JUDGE_PROMPT_HASH } from "./judge-prompt.ts";
import type { Judgement } from "./read-judgement.ts";

export interface JudgedWork {
  readonly job: Job;
  readonly evidence: Evidence;
  readonly isCheapFirst: boolean;
  /** Whether the judge's word on agreement is the route's comparison. */
  readonly comparesByJudge: boolean;
  /** As upstream reports it. */
  readonly model: string;
  readonly nowMs: number;
}

/** The grades of a judgement. Their ids follow from the job, so that doing it twice adds nothing. */
export function gradesOf(judgement: Judgement, work: JudgedWork): readonly Grade[] {
  const { evidence, isCheapFirst, comparesByJudge } = work;
  const { first, second, agreement } = judgement;
  const [cheap, deep] = isCheapFirst ? [first, second] : [second, first];
  const place = (isFirst: boolean): string => (isFirst ? "first" : "second");
  const grades: Grade[] = [];
  if (cheap !== null) {
    grades.push(gradeOf(work, "cheap", evidence.tier, "judge", cheap, place(isCheapFirst)));
  }
  // What a question about a candidate says of the deep answer is kept out of what tiers count.
  if (deep !== null && !isCandidateTier(evidence.tier)) {
    grades.push(gradeOf(work, "deep", evidence.deepTier, "judge", deep, place(!isCheapFirst)));
  }
  if (agreement !== null && comparesByJudge) {
    const cheapPlace = place(isCheapFirst);
    grades.push(gradeOf(work, "agreement", evidence.tier, "agreement", agreement, cheapPlace));
  }
  return grades;
}

/** @param place where the judge read the answer in question, so that its habits can be seen */
function gradeOf(
  { job, model, nowMs }: JudgedWork,
  what: "cheap" | "deep" | "agreement",
  tier: number,
  by: Grade["by"],
  outcome: Grade["outcome"],
  place: string,
): Grade {
  return {
    id: `grade:${job.id}:${what}`,
    itemId: job.itemId,
    tier,
    by,
    outcome,
    grader: `judge:${model}`,
    createdAtMs: nowMs,
    isRepeat: false,
    note: JSON.stringify({ prompt: JUDGE_PROMPT_HASH, place }),
    retractedAtMs: null,
  };
}
