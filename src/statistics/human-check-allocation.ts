import { requireShare } from "./statistics-argument.ts";

/** What is believed of a judge before humans check it. */
export interface JudgeGuess {
  /** Share of answers it calls wrong. */
  readonly judgedWrongShare: number;
  /** Share of really wrong ones among those. */
  readonly wrongAmongJudgedWrong: number;
  /** Share of really wrong ones among those it calls right. */
  readonly wrongAmongJudgedRight: number;
}

/**
 * Share of human checks to spend on answers that the judge called wrong, for the smallest error of
 * `verdictStratifiedShare`; the rest goes to those it called right. In proportion to the size of each
 * verdict times the standard deviation in it. Half and half where nothing is uncertain.
 *
 * J. Neyman, "On the Two Different Aspects of the Representative Method", Journal of the Royal
 * Statistical Society 97 (1934), 558–625.
 */
export function humanCheckAllocation(guess: JudgeGuess): number {
  const { judgedWrongShare, wrongAmongJudgedWrong, wrongAmongJudgedRight } = guess;
  for (const [name, value] of Object.entries<number>({ ...guess })) requireShare(name, value);
  const inWrong = judgedWrongShare * deviation(wrongAmongJudgedWrong);
  const inRight = (1 - judgedWrongShare) * deviation(wrongAmongJudgedRight);
  return inWrong + inRight === 0 ? 0.5 : inWrong / (inWrong + inRight);
}

function deviation(share: number): number {
  return Math.sqrt(share * (1 - share));
}
