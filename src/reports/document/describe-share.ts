import type { PromiseState } from "../evidence/promise-state.ts";
import type { PromiseTarget } from "../evidence/promised-rate.ts";
import type { WrongShare } from "../evidence/wrong-share.ts";
import { counted, formatCount, formatShare } from "../format-number.ts";
import { MIN_OBSERVATIONS, type ObservedShare } from "../observed-share.ts";
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

/** `1.2–6.1 %`, `-4.8 to 3.4 %` */
export function describeRange({ low, high }: ShareInterval): string {
  if (low < 0) return `${(low * 100).toFixed(1)} to ${formatShare(high)}`;
  return `${(low * 100).toFixed(1)}–${formatShare(high)}`;
}

export function observedCell({ share, interval, count, of }: ObservedShare): ReportCell {
  const soFar = `not known yet (${formatCount(count)} of ${formatCount(of)})`;
  return shareCell(share, interval, of === 0 ? "–" : soFar);
}

/** How often answers are wrong, in words that say on whose word. */
export function wrongCell(wrong: WrongShare): ReportCell {
  return { text: describeWrong(wrong), value: wrong.share };
}

export function describeWrong(wrong: WrongShare): string {
  const { basis, share, interval, judge, graded, undecided } = wrong;
  if (share !== null && interval !== null) {
    const by = basis === "judge_corrected" ? ", judge corrected by human checks" : "";
    const open = undecided === 0 ? "" : `, ${formatCount(undecided)} undecided`;
    return `${formatShare(share)} (${describeRange(interval)}${by}${open})`;
  }
  if (basis === "judge_says") {
    return `not known yet; judge says ${formatCount(judge.wrong)} of ${formatCount(judge.judged)}`;
  }
  if (graded === 0) return "not known yet";
  return `not known yet (${formatCount(wrong.wrong)} of ${formatCount(graded)} graded)`;
}

/** `Not known yet: 10 items of a kind, at least 20 more are needed.` */
export function notKnownYet(observations: number, noun: string, ofWhich: string): string {
  const more = MIN_OBSERVATIONS - observations;
  const needed =
    more > 0 ? `, at least ${formatCount(more)} more ${more === 1 ? "is" : "are"} needed` : "";
  return `Not known yet: ${counted(observations, noun)} ${ofWhich}${needed}.`;
}

/** `yes`, `no`, or about how many grades are missing. */
export function promiseCell(promise: PromiseState): ReportCell {
  return { text: describePromise(promise), value: promise.state };
}

/** What a promise is about, in the words of its sentence. */
export const PROMISED_RATE: Readonly<Record<PromiseTarget, string>> = {
  joint: "of all requests ship a wrong answer",
  selective: "of what ships is wrong",
  relative: "of the deep model's accuracy is lost",
};

export function describePromise({ state, moreGrades, isUnlikely }: PromiseState): string {
  switch (state) {
    case "holds":
      return "yes";
    case "broken":
      return "no";
    case "not_known_yet":
      if (isUnlikely) return "not known yet, more grades are unlikely to show it";
      return moreGrades === null
        ? "not known yet"
        : `not known yet, about ${counted(moreGrades, "more grade")}`;
  }
}

export function countCell(count: number): ReportCell {
  return { text: formatCount(count), value: count };
}

/** Number of decimals that a share such as a promise was written with: `2 %`, `0.1 %`. */
export function plainPercent(share: number): string {
  return `${Number((share * 100).toFixed(3))} %`;
}
