import type { PromiseState, WrongShare } from "../evidence/wrong-share.ts";
import { formatCount, formatShare } from "../format-number.ts";
import type { ObservedShare } from "../observed-share.ts";
import type { ShareInterval } from "../../statistics/wilson-interval.ts";
import type { ReportCell } from "./report-document.ts";

/** `3.0 % (1.2–6.1 %)`, or what was counted so far. */
export function shareCell(
  share: number | null,
  interval: ShareInterval | null,
  otherwise = "not known yet",
): ReportCell {
  if (share === null) return { text: otherwise, value: null };
  const range = interval === null ? "" : ` (${describeRange(interval)})`;
  return { text: `${formatShare(share)}${range}`, value: share };
}

/** `1.2–6.1 %` */
export function describeRange({ low, high }: ShareInterval): string {
  return `${(low * 100).toFixed(1)}–${formatShare(high)}`;
}

export function observedCell({ share, interval, count, of }: ObservedShare): ReportCell {
  const counted = `not known yet (${formatCount(count)} of ${formatCount(of)})`;
  return shareCell(share, interval, of === 0 ? "–" : counted);
}

/** How often answers are wrong, in words that say on whose word. */
export function wrongCell(wrong: WrongShare): ReportCell {
  return { text: describeWrong(wrong), value: wrong.share };
}

export function describeWrong(wrong: WrongShare): string {
  const { basis, share, interval, judge, graded } = wrong;
  if (share !== null && interval !== null) {
    const by = basis === "judge_corrected" ? ", judge corrected by human checks" : "";
    return `${formatShare(share)} (${describeRange(interval)}${by})`;
  }
  const counted = `${formatCount(wrong.wrong)} of ${formatCount(graded)} graded`;
  if (basis === "judge_says") {
    return `not known yet; judge says ${formatCount(judge.wrong)} of ${formatCount(judge.judged)}`;
  }
  return graded === 0 ? "not known yet" : `not known yet (${counted})`;
}

/** `yes`, `no`, or about how many grades are missing. */
export function promiseCell({ state, moreGrades }: PromiseState): ReportCell {
  return { text: describePromise({ state, moreGrades }), value: state };
}

export function describePromise({ state, moreGrades }: PromiseState): string {
  switch (state) {
    case "holds":
      return "yes";
    case "broken":
      return "no";
    case "not_known_yet":
      return moreGrades === null
        ? "not known yet, more grades are unlikely to show it"
        : `not known yet, about ${formatCount(moreGrades)} more ${moreGrades === 1 ? "grade" : "grades"}`;
  }
}

export function countCell(count: number): ReportCell {
  return { text: formatCount(count), value: count };
}

/** Number of decimals that a share such as a promise was written with: `2 %`, `0.1 %`. */
export function plainPercent(share: number): string {
  return `${Number((share * 100).toFixed(3))} %`;
}
