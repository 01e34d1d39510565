import type { CalibrationReport } from "../evidence/calibration-report.ts";
import type { RiskCoverageReport, ThresholdPoint } from "../evidence/risk-coverage-report.ts";
import type { MeanWithInterval } from "../evidence/shuffled-control.ts";
import type { TierReport } from "../evidence/tier-report.ts";
import { counted, formatConfidence, formatCount, formatShare } from "../format-number.ts";
import {
  countCell,
  describeRange,
  describeWrong,
  notKnownYet,
  observedCell,
  shareCell,
  wrongCell,
} from "./describe-share.ts";
import { textCell, type ReportCell, type ReportSection } from "./report-document.ts";

/** Whether the confidence can be believed, and what other thresholds would do. */
export function confidenceSections(tier: TierReport): readonly ReportSection[] {
  return [
    statedSection(tier),
    calibrationSection(tier.calibration),
    riskSection(tier),
    controlSection(tier),
  ];
}

const PART_OF_RANGE =
  "Only answers that shipped and near misses were graded: nothing is known of lower confidences.";

const NUMBER = (title: string) => ({ title, isNumber: true });
const WORDS = (title: string) => ({ title, isNumber: false });

function statedSection({ stated, threshold }: TierReport): ReportSection {
  const { triages, without, atoms, largest } = stated;
  const above = atoms
    .filter(({ isAboveThreshold }) => isAboveThreshold)
    .reduce((sum, atom) => sum + atom.triages, 0);
  const told =
    threshold === null
      ? ""
      : ` ${formatCount(above)} are at or above the threshold of ${formatConfidence(threshold)}.`;
  const most =
    largest === null
      ? ""
      : ` The most frequent is ${formatConfidence(largest.confidence)}, on ` +
        `${formatCount(largest.count)} of ${formatCount(largest.of)}.`;
  return {
    id: "stated",
    question: "What confidence does it state?",
    answer:
      triages === 0
        ? "Not known yet: no triage."
        : `${counted(atoms.length, "value")} in ${counted(triages, "triage")}.${told}${most}`,
    table: {
      columns: [
        WORDS("stated"),
        NUMBER("triages"),
        NUMBER("share"),
        NUMBER("failed otherwise"),
        WORDS(""),
      ],
      rows: [
        ...(without === 0
          ? []
          : [
              [
                textCell("none"),
                countCell(without),
                plainShare(without, triages),
                countCell(without),
                textCell(""),
              ],
            ]),
        ...atoms.map((atom) => [
          { text: formatConfidence(atom.confidence), value: atom.confidence },
          countCell(atom.triages),
          plainShare(atom.triages, triages),
          countCell(atom.failed),
          textCell(atom.isAboveThreshold ? "ships" : ""),
        ]),
      ],
    },
    notes: [],
    figures: [{ kind: "stated", atoms, threshold }],
  };
}

function plainShare(count: number, of: number): ReportCell {
  return shareCell(of === 0 ? null : count / of, null, "–");
}

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
    ...(calibration.isPartOfRange ? [PART_OF_RANGE] : []),
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
    figures: [{ kind: "reliability", bars }],
  };
}

function gapSentence({ gap, graded }: CalibrationReport): string {
  if (gap === null) return notKnownYet(graded, "graded answer", "with a confidence");
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

function riskSection({ riskCoverage, calibration, target, promised }: TierReport): ReportSection {
  const base = { id: "thresholds", question: "What would other thresholds do?" };
  if (riskCoverage === null) {
    const answer = notKnownYet(calibration.graded, "graded answer", "with a confidence");
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
        shipCell(point),
        wrongCell(point.wrong),
        shareCell(point.savedShare, point.savedInterval, "–"),
        textCell(point.isInForce ? "in force" : ""),
      ]),
    },
    notes: [
      "Savings by threshold are projections: they take all requests to cost alike.",
      ...(points.some(({ ships }) => (ships?.unread ?? 0) > 0)
        ? [
            "Below the threshold in force triages were closed before their end; a part of them, as " +
              "large as among those that were read, is taken to have failed otherwise.",
          ]
        : []),
      ...(riskCoverage.isPartOfRange ? [PART_OF_RANGE] : []),
      `Area under risk and coverage ${areas.area.toFixed(4)}; depending on how ties are read ` +
        `${best.toFixed(4)} to ${worst.toFixed(4)}. A perfect order would have ` +
        `${areas.oracleArea.toFixed(4)}. Tie-robust area (AUGRC) ${areas.jointArea.toFixed(4)}.`,
    ],
    figures: [
      { kind: "risk_coverage", points, shuffledShare: riskCoverage.shuffled.share },
      {
        kind: "cost_risk",
        points,
        limit: target === "relative" ? null : { target, atMost: promised.atMost },
      },
    ],
  };
}

function shipCell({ ships }: ThresholdPoint): ReportCell {
  return ships === null ? { text: "–", value: null } : observedCell(ships);
}

function controlSection({ riskCoverage }: TierReport): ReportSection {
  const base = { id: "control", question: "Is the confidence worth more than drawing lots?" };
  const control = riskCoverage?.control ?? null;
  if (control === null || control.gain === null) {
    const ofWhich = "with both answers graded, drawn over all confidences";
    const answer = notKnownYet(control?.graded ?? 0, "item", ofWhich);
    return { ...base, answer, table: null, notes: [] };
  }
  const { gain, cascade, shuffled, graded, shipShare } = control;
  const { low, high } = gain.interval;
  const points = `${signed(gain.mean)} points (95 % interval ${signed(low)} to ${signed(high)})`;
  const verdict =
    low > 0
      ? "Yes: by confidence the cascade is more often right than by lot, by"
      : high < 0
        ? "No: by confidence the cascade is less often right than by lot, by"
        : "Not known yet: by confidence the cascade is right more often than by lot by";
  return {
    ...base,
    answer: `${verdict} ${points}.`,
    table: {
      columns: [WORDS("who escalates"), NUMBER("right (95 % interval)")],
      rows: [
        [textCell("low confidence"), meanCell(cascade)],
        [textCell("as many, by lot"), meanCell(shuffled)],
      ],
    },
    notes: [
      `Of the same ${counted(graded, "item")} with both answers graded, ` +
        `${shareCell(shipShare, null).text} of which ship; both cost the same. Approximate intervals.`,
    ],
  };
}

function meanCell(mean: MeanWithInterval | null): ReportCell {
  return mean === null
    ? { text: "not known yet", value: null }
    : { text: `${formatShare(mean.mean)} (${describeRange(mean.interval)})`, value: mean.mean };
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
