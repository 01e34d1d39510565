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
  const agreed = cells.bothWrong + cells.bothRight;
  const share = agreed / rows;
  const judgeWrong = (cells.bothWrong + cells.falseAlarm) / rows;
  const humanWrong = (cells.bothWrong + cells.missed) / rows;
  const byChance = judgeWrong * humanWrong + (1 - judgeWrong) * (1 - humanWrong);
  const shareInterval = wilsonInterval(agreed, rows);
  if (byChance >= 1) return { rows, share, shareInterval, kappa: null, kappaInterval: null };

  const kappa = (share - byChance) / (1 - byChance);
  const unlike = 1 - kappa;
  const onDiagonal =
    (cells.bothWrong / rows) * (1 - (judgeWrong + humanWrong) * unlike) ** 2 +
    (cells.bothRight / rows) * (1 - (2 - judgeWrong - humanWrong) * unlike) ** 2;
  // A disagreement counts with how often its two verdicts are given by the other side.
  const offDiagonal =
    unlike ** 2 *
    ((cells.falseAlarm / rows) * (humanWrong + 1 - judgeWrong) ** 2 +
      (cells.missed / rows) * (1 - humanWrong + judgeWrong) ** 2);
  const variance = onDiagonal + offDiagonal - (kappa - byChance * unlike) ** 2;
  const standardError = Math.sqrt(Math.max(0, variance) / rows) / (1 - byChance);
  const { low, high } = normalInterval(kappa, standardError);
  const kappaInterval = { low: Math.max(-1, low), high: Math.min(1, high) };
  return { rows, share, shareInterval, kappa, kappaInterval };
}
