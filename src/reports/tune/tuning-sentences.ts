import { formatConfidence, formatCount, formatShare } from "../format-number.ts";
import type { LabelsOutlook } from "./labels-outlook.ts";
import type { TuningGoal } from "./tuning-goal.ts";

/** What holds at a certified threshold, in one sentence. */
export function promiseOf(goal: TuningGoal, threshold: number): string {
  return `From confidence ${formatConfidence(threshold)} on, ${rateAndConfidence(goal)}.`;
}

/** What is promised, without where. */
export function rateAndConfidence(goal: TuningGoal): string {
  const share = formatShare(goal.atMost);
  const what = {
    joint: `at most ${share} of all requests ship a wrong answer`,
    selective: `at most ${share} of the answers that ship are wrong`,
    relative: `at most ${share} of the deep model's accuracy is lost`,
  }[goal.target];
  const looks = goal.looks === "once" ? "for this one look" : "however often one looks";
  const judge = goal.graders === "judge" ? ", by a judge whose misses people have counted" : "";
  return `${what}, with ${formatShare(goal.confidence)} confidence, ${looks}${judge}`;
}

export const NOTHING_PROMISED = "Nothing is promised: no threshold is certified.";

/** What is missing for a certificate, in one or two sentences. */
export function missingSentence(
  outlook: LabelsOutlook,
  daysNeeded: number | null,
  untestedFrom: number | null,
  waitingRows: number,
): string {
  const unseen =
    untestedFrom === null
      ? ""
      : ` Items with a confidence of ${formatConfidence(untestedFrom)} and below are not all graded,` +
        " so no threshold that would ship them can be tested.";
  return outlookSentence(outlook, daysNeeded) + unseen + waitingSentence(waitingRows);
}

/** What is to be graded first where grades have gaps; a sentence behind another, or nothing. */
export function waitingSentence(waitingRows: number): string {
  if (waitingRows === 0) return "";
  const wait = waitingRows === 1 ? "graded row waits" : "graded rows wait";
  return ` ${formatCount(waitingRows)} ${wait} until the items before them are graded as well.`;
}

function outlookSentence(outlook: LabelsOutlook, daysNeeded: number | null): string {
  if (outlook.outlook === "judge_unchecked") {
    const { moreChecks, moreWrong, threshold } = outlook;
    const answers =
      moreWrong === 1 ? "one more wrong answer" : `${formatCount(moreWrong)} more wrong answers`;
    return (
      "How many wrong answers the judge lets pass is not known well enough: for a threshold of " +
      `${formatConfidence(threshold)} people must find ${answers} among those that it has graded, ` +
      `in about ${formatCount(moreChecks)} grades (leadsman grade).`
    );
  }
  if (!("moreRows" in outlook)) {
    return "Unreachable: the cheap model is likely wrong too often at every threshold. Do not route here.";
  }
  const days = daysNeeded === null ? "" : `, ${countOf(daysNeeded, "day")} at the present rate`;
  const about = outlook.outlook === "too_early" ? "at least" : "about";
  return `Needs ${about} ${countOf(outlook.moreRows, "more labelled row")}${days}.`;
}

function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${count === 1 ? noun : `${noun}s`}`;
}
