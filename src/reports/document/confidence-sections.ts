import type { CalibrationReport } from "../evidence/calibration-report.ts";
import type { RiskCoverageReport, ThresholdPoint } from "../evidence/risk-coverage-report.ts";
import type { TierReport } from "../evidence/tier-report.ts";
import { formatConfidence, formatCount, formatShare } from "../format-number.ts";
import { countCell, describeRange, describeWrong, shareCell, wrongCell } from "./describe-share.ts";
import { textCell, type ReportSection } from "./report-document.ts";

/** Whether the confidence can be believed, and what other thresholds would do. */
export function confidenceSections(tier: TierReport): readonly ReportSection[] {
  return [calibrationSection(tier.calibration), riskSection(tier)];
}

const NUMBER = (title: string) => ({ title, isNumber: true });
const WORDS = (title: string) => ({ title, isNumber: false });

function calibrationSection(calibration: CalibrationReport): ReportSection {
  const { bars, error, brier } = calibration;
  const notes = [
    ...(error === null
      ? []
      : [
          `Calibration error (ECE) ${error.error.toFixed(3)}, of which chance alone makes ` +
            `${error.noiseFloor.toFixed(3)}; approximate 95 % interval ` +
            `${error.interval.low.toFixed(3)}–${error.interval.high.toFixed(3)}.`,
        ]),
    ...(brier === null
      ? []
      : [
          `Brier score ${brier.score.toFixed(4)} = reliability ${brier.reliability.toFixed(4)} - ` +
            `resolution ${brier.resolution.toFixed(4)} + uncertainty ${brier.uncertainty.toFixed(4)}.`,
        ]),
    ...(calibration.isWeighted
      ? ["Grades had different chances to be drawn: intervals of gap and AUROC are approximate."]
      : []),
  ];
  return {
    id: "calibration",
    question: "Can the confidence be believed?",
    answer: `${gapSentence(calibration)} ${rankingSentence(calibration)}`.trim(),
    table: {
      columns: [
        WORDS("stated"),
        NUMBER("graded"),
        NUMBER("wrong"),
        NUMBER("right (95 % interval)"),
      ],
      rows: bars.map((bar) => [
        { text: formatConfidence(bar.confidence), value: bar.confidence },
        countCell(bar.graded),
        countCell(bar.wrong),
        {
          text: `${formatShare(bar.accuracy)} (${describeRange(bar.interval)})${bar.isSmall ? " few" : ""}`,
          value: bar.accuracy,
        },
      ]),
    },
    notes,
  };
}

function gapSentence({ gap, graded }: CalibrationReport): string {
  if (gap === null)
    return `Not known yet: ${formatCount(graded)} graded answers with a confidence.`;
  const { low, high } = gap.interval;
  const points = `${signed(gap.gap)} points (95 % interval ${signed(low)} to ${signed(high)})`;
  if (low > 0) return `It is too confident by ${points}.`;
  if (high < 0) return `It is not confident enough, by ${points}.`;
  return `On the whole yes: the gap is ${points}.`;
}

function rankingSentence({ ranking, hardlySorts, graded }: CalibrationReport): string {
  if (ranking === null) return graded === 0 ? "" : "How well it sorts is not known yet.";
  const { area, interval } = ranking;
  const range =
    interval === null
      ? "no interval: nothing overlaps"
      : `95 % interval ${interval.low.toFixed(2)}–${interval.high.toFixed(2)}`;
  const told = `AUROC ${area.toFixed(2)} (${range})`;
  return hardlySorts === true
    ? `${told}: this confidence hardly sorts; a threshold on it is close to drawing lots.`
    : `${told}: it sorts.`;
}

function signed(share: number): string {
  return `${share > 0 ? "+" : ""}${(share * 100).toFixed(1)}`;
}

function riskSection({ riskCoverage, calibration }: TierReport): ReportSection {
  const base = { id: "thresholds", question: "What would other thresholds do?" };
  if (riskCoverage === null) {
    const answer = `Not known yet: ${formatCount(calibration.graded)} graded answers with a confidence.`;
    return { ...base, answer, table: null, notes: [] };
  }
  const { points, areas } = riskCoverage;
  const { best, worst } = areas.tieRange;
  return {
    ...base,
    answer: shuffledSentence(riskCoverage),
    table: {
      columns: [
        WORDS("threshold"),
        NUMBER("would ship"),
        NUMBER("wrong of shipped"),
        NUMBER("would save"),
        WORDS(""),
      ],
      rows: points.map((point) => [
        { text: formatConfidence(point.threshold), value: point.threshold },
        shareCell(point.shipShare, null, "–"),
        wrongCell(point.wrong),
        shareCell(point.savedShare, null, "–"),
        textCell(point.isInForce ? "in force" : ""),
      ]),
    },
    notes: [
      "Savings by threshold are projections: they take all requests to cost alike.",
      `Area under risk and coverage ${areas.area.toFixed(4)}; depending on how ties are read ` +
        `${best.toFixed(4)} to ${worst.toFixed(4)}. A perfect order would have ` +
        `${areas.oracleArea.toFixed(4)}. Tie-robust area (AUGRC) ${areas.jointArea.toFixed(4)}.`,
    ],
  };
}

function shuffledSentence({ points, shuffled }: RiskCoverageReport): string {
  const inForce = points.find(({ isInForce }) => isInForce);
  const control = `as many shipped at random would be wrong in ${describeWrong(shuffled)}`;
  if (inForce === undefined) return `For comparison, ${control}.`;
  return `At ${formatConfidence(inForce.threshold)} wrong of shipped is ${told(inForce)}; ${control}.`;
}

function told({ wrong }: ThresholdPoint): string {
  return describeWrong(wrong);
}
