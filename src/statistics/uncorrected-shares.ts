import { exactInterval } from "./exact-interval.ts";
import { checkedRows, requireJudgedSample, type JudgedSample } from "./judged-sample.ts";
import type { CorrectedShare } from "./verdict-stratified-share.ts";
import { wilsonInterval } from "./wilson-interval.ts";

/** The two simple readings of a judged sample, to show beside a corrected one. */
export interface UncorrectedShares {
  /**
   * What the judge says, taken at its word. Its interval is narrow around the wrong value: a judge
   * with 3 % false alarms reports 3 % errors where there are none.
   */
  readonly judgeOnly: CorrectedShare | null;
  /** What humans found, the judge ignored: honest and imprecise. Exact interval at 95 %. */
  readonly humanOnly: CorrectedShare | null;
}

/** Null on the side where nothing was judged or checked. */
export function uncorrectedShares(sample: JudgedSample): UncorrectedShares {
  requireJudgedSample(sample);
  const { judged, judgedWrong, checked } = sample;
  const trials = checkedRows(checked);
  const wrong = checked.bothWrong + checked.missed;
  return {
    judgeOnly:
      judged === 0
        ? null
        : { share: judgedWrong / judged, interval: wilsonInterval(judgedWrong, judged) },
    humanOnly:
      trials === 0 ? null : { share: wrong / trials, interval: exactInterval(wrong, trials) },
  };
}
