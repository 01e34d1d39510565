import { checkedRows, requireCells, type JudgeCells } from "./judged-sample.ts";
import { normalInterval, type ValueInterval } from "./normal-interval.ts";
import { wilsonInterval, type ShareInterval } from "./wilson-interval.ts";

/** How far a judge and humans agree on the same answers. */
export interface JudgeAgreement {
  readonly rows: number;
  /** Share of answers with the same verdict, 0–1. High by itself when few answers are wrong. */
  readonly share: number;
  /** Wilson's, at 95 %. */
  readonly shareInterval: ShareInterval;
  /**
   * Agreement beyond chance (Cohen's kappa): 1 = always, 0 = as two who do not look at the answer.
   * Null when both gave one verdict only, where there is nothing to agree on.
   */
  readonly kappa: number | null;
  /** Normal, at about 95 %, cut to -1 and 1; a hint below about fifty rows. */
  readonly kappaInterval: ValueInterval | null;
}

/**
 * Agreement of judge and humans on a random sample of answers. A sample drawn by verdict (as many
 * judged wrong as judged right) has another agreement than the traffic.
 *
 * J. Cohen, "A Coefficient of Agreement for Nominal Scales", Educational and Psychological Measurement
 * 20 (1960), 37–46; standard error: J. L. Fleiss, J. Cohen and B. S. Everitt, "Large Sample Standard
 * Errors of Kappa and Weighted Kappa", Psychological Bulletin 72 (1969), 323–327.
 *
 * @returns null without rows
 */
export function judgeAgreement(cells: JudgeCells): JudgeAgreement | null {
  requireCells(cells);
  const rows = checkedRows(cells);
  if (rows === 0) return null;
  const { bothWrong, falseAlarm, missed, bothRight } = cells;
  const agreed = bothWrong + bothRight;
  const share = agreed / rows;
  const shareInterval = wilsonInterval(agreed, rows);
  // Whole numbers as long as possible: differences of shares would lose what the root brings out.
  const judgeWrong = bothWrong + falseAlarm;
  const humanWrong = bothWrong + missed;
  const agreedByChance = judgeWrong * humanWrong + (rows - judgeWrong) * (rows - humanWrong);
  const beyondChance = rows ** 2 - agreedByChance;
  if (beyondChance === 0) return { rows, share, shareInterval, kappa: null, kappaInterval: null };

  const kappa = (rows * agreed - agreedByChance) / beyondChance;
  const unlike = (rows * (rows - agreed)) / beyondChance;
  const byChance = agreedByChance / rows ** 2;
  const onDiagonal =
    (bothWrong / rows) * (1 - ((judgeWrong + humanWrong) / rows) * unlike) ** 2 +
    (bothRight / rows) * (1 - ((2 * rows - judgeWrong - humanWrong) / rows) * unlike) ** 2;
  // A disagreement counts with how often its two verdicts are given by the other side.
  const offDiagonal =
    unlike ** 2 *
    ((falseAlarm / rows) * ((rows + missed - falseAlarm) / rows) ** 2 +
      (missed / rows) * ((rows + falseAlarm - missed) / rows) ** 2);
  const squares = onDiagonal + offDiagonal;
  const difference = squares - (kappa - byChance * unlike) ** 2;
  // Where there is no variance, what rounding leaves of it would come out of the root as 1e-9.
  const variance = difference > ROUNDING * squares ? difference : 0;
  const standardError = Math.sqrt(variance / rows) / (beyondChance / rows ** 2);
  const { low, high } = normalInterval(kappa, standardError);
  const kappaInterval = { low: Math.max(-1, low), high: Math.min(1, high) };
  return { rows, share, shareInterval, kappa, kappaInterval };
}

/** A dozen operations on doubles, with room to spare; the variance of a sample is far above it. */
const ROUNDING = 32 * Number.EPSILON;
