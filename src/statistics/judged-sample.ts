import { requireArgument, requireCounts } from "./statistics-argument.ts";

/**
 * Answers that a judge graded, and the random part of them that humans graded too. A judge is cheap
 * and wrong now and then; humans are taken as the truth.
 */
export interface JudgedSample {
  readonly judged: number;
  /** Of the judged, those the judge called wrong. */
  readonly judgedWrong: number;
  /** Human-checked answers, by judge and human. */
  readonly checked: JudgeCells;
}

/** Counts of answers by the judge's verdict and the human's. */
export interface JudgeCells {
  readonly bothWrong: number;
  /** The judge called it wrong, the human right. */
  readonly falseAlarm: number;
  /** The judge called it right, the human wrong. */
  readonly missed: number;
  readonly bothRight: number;
}

/** Throws `statistics_argument` for counts that cannot be. */
export function requireJudgedSample({ judged, judgedWrong, checked }: JudgedSample): void {
  requireCounts(judgedWrong, judged);
  requireCells(checked);
}

export function requireCells(cells: JudgeCells): void {
  for (const [name, count] of Object.entries<number>({ ...cells })) {
    const isFine = Number.isSafeInteger(count) && count >= 0;
    requireArgument(isFine, `${name} a whole number from 0`, { [name]: count });
  }
}

export function checkedRows({ bothWrong, falseAlarm, missed, bothRight }: JudgeCells): number {
  return bothWrong + falseAlarm + missed + bothRight;
}
