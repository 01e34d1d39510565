import type { Atom } from "./atom.ts";

/** What each threshold would ship and how much of that is wrong, with areas that sum it up. */
export interface RiskCoverage {
  /** One point per atom, strictest threshold first. Nothing between two points can be chosen. */
  readonly points: readonly RiskCoveragePoint[];
  /** Mean risk over coverages (AURC), expected when ties are in random order. Lower is better. */
  readonly area: number;
  /** The same when in each tie right rows come first, and when wrong ones do. */
  readonly tieRange: { readonly best: number; readonly worst: number };
  /** What a perfect order of these rows would still have. */
  readonly oracleArea: number;
  /** `area` less `oracleArea` (E-AURC). */
  readonly excessArea: number;
  /** Mean share of all rows that is shipped and wrong (AUGRC); 0 to 0.5, hardly moved by ties. */
  readonly jointArea: number;
}

/** What shipping from one threshold on means. */
export interface RiskCoveragePoint {
  readonly threshold: number;
  /** Share of rows at or above the threshold, 0–1. */
  readonly coverage: number;
  /** Share of wrong rows among those, 0–1. */
  readonly risk: number;
}

/**
 * Risk–coverage curve of a confidence. With few atoms the area depends much on how ties are read, so
 * never compare areas without `tieRange`.
 *
 * Y. Geifman and R. El-Yaniv, "Selective Classification for Deep Neural Networks", 2017
 * (arXiv 1705.08500); excess area: Geifman, Uziel and El-Yaniv, 2018 (arXiv 1805.08206); joint area:
 * J. Traub et al., "Overcoming Common Flaws in the Evaluation of Selective Classification Systems",
 * 2024 (arXiv 2407.01032).
 *
 * @returns null without rows
 */
export function riskCoverage(atoms: readonly Atom[]): RiskCoverage | null {
  const rows = atoms.reduce((sum, atom) => sum + atom.rows, 0);
  if (rows === 0) return null;
  const points: RiskCoveragePoint[] = [];
  const sums = { area: 0, best: 0, worst: 0, joint: 0 };
  let seen = 0;
  let wrongSeen = 0;
  for (const atom of atoms.toSorted((a, b) => b.confidence - a.confidence)) {
    if (atom.rows === 0) continue;
    for (let i = 1; i <= atom.rows; i += 1) {
      const wrong = wrongSeen + (atom.wrong * i) / atom.rows;
      const fewest = wrongSeen + Math.max(0, i - (atom.rows - atom.wrong));
      sums.area += wrong / (seen + i);
      sums.best += fewest / (seen + i);
      sums.worst += (wrongSeen + Math.min(i, atom.wrong)) / (seen + i);
      sums.joint += wrong / rows;
    }
    seen += atom.rows;
    wrongSeen += atom.wrong;
    points.push({ threshold: atom.confidence, coverage: seen / rows, risk: wrongSeen / seen });
  }
  const area = sums.area / rows;
  const oracleArea = areaOfPerfectOrder(rows, wrongSeen);
  return {
    points,
    area,
    tieRange: { best: sums.best / rows, worst: sums.worst / rows },
    oracleArea,
    excessArea: area - oracleArea,
    jointArea: sums.joint / rows,
  };
}

function areaOfPerfectOrder(rows: number, wrong: number): number {
  const right = rows - wrong;
  let sum = 0;
  for (let i = right + 1; i <= rows; i += 1) sum += (i - right) / i;
  return sum / rows;
}
