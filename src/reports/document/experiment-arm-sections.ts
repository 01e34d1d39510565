import type { ValueInterval } from "../../statistics/normal-interval.ts";
import type { ArmComparison, ArmFigure } from "../experiment/arm-comparison.ts";
import type { RouteExperiment } from "../experiment/experiment-report.ts";
import { counted, formatCount, formatShare } from "../format-number.ts";
import { countCell } from "./describe-share.ts";
import type { ReportCell, ReportColumn, ReportSection } from "./report-document.ts";
import { textCell } from "./report-document.ts";

/** Control against cascade: no verdict where the sample cannot be believed. */
export function armSections(route: RouteExperiment): readonly ReportSection[] {
  const { state } = route.sample;
  const escalation = escalationSection(route);
  if (state === "no_control") return [escalation];
  const comparisons = [labelSection(route), costSection(route), latencySection(route)];
  if (state !== "ratio_off" && state !== "mix_off") return [...comparisons, escalation];
  return [...comparisons.map((section) => ({ ...section, answer: NOT_BELIEVED })), escalation];
}

const NOT_BELIEVED = "No verdict: the sample cannot be believed, see above.";

function labelSection({ labels }: RouteExperiment): ReportSection {
  const { labelled, undecided } = labels;
  const isLabelled = labelled.control + labelled.cascade > 0;
  return {
    id: "labels",
    question: "Are its answers labelled wrong more often?",
    answer: isLabelled
      ? sentenceOf(labels, { lower: "less often", higher: "more often", figure: shareOf })
      : "Not known yet: no answer has a label, see `leadsman import --labels`.",
    table: comparisonTable("labelled wrong", labels, shareOf),
    notes: [
      `Of all requests of an arm. Labelled: ${formatCount(labelled.control)} of control, ` +
        `${formatCount(labelled.cascade)} of cascade; undecided, so not counted as wrong: ` +
        `${formatCount(undecided.control)} and ${formatCount(undecided.cascade)}. Grades of people ` +
        "and judges are left out: they are drawn from what ships alone.",
    ],
  };
}

function costSection({ cost }: RouteExperiment): ReportSection {
  const saved =
    cost.difference !== null && cost.control.value !== null && cost.control.value > 0
      ? ` (${formatShare(Math.abs(cost.difference) / cost.control.value)})`
      : "";
  return {
    id: "cost",
    question: "Is it cheaper?",
    answer: sentenceOf(cost, { lower: "cheaper", higher: "dearer", figure: usdOf, saved }),
    table: comparisonTable("cost per request", cost, usdOf),
    notes: [
      "Calls that clients waited for; what measuring costs is in `leadsman report`." +
        (cost.unpriced === 0
          ? ""
          : ` ${counted(cost.unpriced, "request")} of unknown price left out.`),
    ],
  };
}

function latencySection({ latency: { p50, p95 } }: RouteExperiment): ReportSection {
  const words = { lower: "faster", higher: "slower", figure: millisecondsOf };
  return {
    id: "latency",
    question: "Is it faster?",
    answer: `In the middle: ${lower(sentenceOf(p50, words))} At the slow end: ${lower(sentenceOf(p95, words))}`,
    table: {
      columns: [...COLUMNS, { title: "p50", isNumber: true }, { title: "p95", isNumber: true }],
      rows: [
        ["control", p50.control, p95.control] as const,
        ["cascade", p50.cascade, p95.cascade] as const,
      ]
        .map(([name, middle, slow]) => [
          ...[textCell(name), countCell(middle.requests), countCell(middle.units)],
          ...[figureCell(middle, millisecondsOf), figureCell(slow, millisecondsOf)],
        ])
        .concat([
          [
            ...DIFFERENCE_CELLS,
            ...[differenceCell(p50, millisecondsOf), differenceCell(p95, millisecondsOf)],
          ],
        ]),
    },
    notes: ["Of answered requests, to the end of the response."],
  };
}

function escalationSection({ escalation }: RouteExperiment): ReportSection {
  const { value, requests, units } = escalation;
  return {
    id: "escalation",
    question: "How often does it escalate?",
    answer:
      value === null
        ? `Not known yet: ${counted(units, "unit")}, and a share takes 30.`
        : `${formatShare(value)} of triaged requests.`,
    table: {
      columns: [...COLUMNS, { title: "escalated", isNumber: true }],
      rows: [
        [
          ...[textCell("cascade"), countCell(requests), countCell(units)],
          figureCell(escalation, shareOf),
        ],
      ],
    },
    notes: [],
  };
}

const COLUMNS: readonly ReportColumn[] = [
  { title: "arm", isNumber: false },
  { title: "requests", isNumber: true },
  { title: "units", isNumber: true },
];

const EMPTY: ReportCell = { text: "", value: null };
const DIFFERENCE_CELLS: readonly ReportCell[] = [textCell("cascade less control"), EMPTY, EMPTY];

type Figure = (value: number) => string;

function comparisonTable(title: string, comparison: ArmComparison, figure: Figure) {
  const row = (name: string, of: ArmFigure): readonly ReportCell[] => [
    ...[textCell(name), countCell(of.requests), countCell(of.units)],
    figureCell(of, figure),
  ];
  return {
    columns: [...COLUMNS, { title, isNumber: true }],
    rows: [
      row("control", comparison.control),
      row("cascade", comparison.cascade),
      [...DIFFERENCE_CELLS, differenceCell(comparison, figure)],
    ],
  };
}

function figureCell({ value, interval }: ArmFigure, figure: Figure): ReportCell {
  return value === null
    ? { text: "not known yet", value: null }
    : { text: withInterval(value, interval, figure), value };
}

function differenceCell({ difference, interval }: ArmComparison, figure: Figure): ReportCell {
  return difference === null
    ? { text: "not known yet", value: null }
    : { text: withInterval(difference, interval, figure), value: difference };
}

function withInterval(value: number, interval: ValueInterval | null, figure: Figure): string {
  return interval === null
    ? figure(value)
    : `${figure(value)} (${figure(interval.low)} to ${figure(interval.high)})`;
}

interface Words {
  readonly lower: string;
  readonly higher: string;
  readonly figure: Figure;
  readonly saved?: string;
}

function sentenceOf(comparison: ArmComparison, words: Words): string {
  const { says, difference, moreUnits, control, cascade } = comparison;
  const { figure, saved = "" } = words;
  const arm = control.units <= cascade.units ? "control" : "the cascade";
  const units = moreUnits === null ? "" : `${counted(moreUnits, "more unit")} in ${arm}`;
  switch (says) {
    case "lower":
    case "higher":
      return `${capital(words[says])} by ${figure(Math.abs(difference ?? 0))}${saved}.`;
    case "open":
      return moreUnits === null
        ? "Not known yet: no difference is seen, nor one in sight."
        : `Not known yet: no difference is seen; need about ${units} to tell one such as this.`;
    case "not_known_yet":
      return moreUnits === null ? "Not known yet." : `Not known yet: need at least ${units}.`;
  }
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function shareOf(share: number): string {
  return formatShare(share);
}

/** Three digits, so that a difference of small prices is seen. */
function usdOf(dollars: number): string {
  const sign = dollars < 0 ? "-" : "";
  return `${sign}$${Math.abs(dollars).toPrecision(3)}`;
}

function millisecondsOf(milliseconds: number): string {
  return `${milliseconds.toFixed(0)} ms`;
}
