import type { Example, Examples } from "../evidence/find-examples.ts";
import type { OutcomeCell, OutcomeTable } from "../evidence/outcome-table.ts";
import type { TierReport } from "../evidence/tier-report.ts";
import { counted, formatConfidence, formatCount, formatShare } from "../format-number.ts";
import { differenceSection, missingSection, refusalSection } from "./answer-sections.ts";
import {
  countCell,
  describeWrong,
  notKnownYet,
  observedCell,
  plainPercent,
  PROMISED_RATE,
  promiseCell,
  shareCell,
  wrongCell,
} from "./describe-share.ts";
import { textCell, type ReportCell, type ReportSection } from "./report-document.ts";

/** What the cheap model can and cannot do, as questions with their answers. */
export function tierSections(tier: TierReport, examples: Examples): readonly ReportSection[] {
  return [
    taskSection(tier),
    sliceSection(tier, examples),
    outcomeSection(tier),
    confidentSection(tier, examples),
    missingSection(tier),
    refusalSection(tier),
    differenceSection(tier),
  ];
}

const NUMBER = (title: string) => ({ title, isNumber: true });
const WORDS = (title: string) => ({ title, isNumber: false });

function taskSection({ tasks, promised, threshold, target }: TierReport): ReportSection {
  const isJoint = target === "joint";
  const closed = tasks.filter(({ promise }) => promise.state === "holds");
  const open = tasks.filter(({ promise }) => promise.state === "not_known_yet");
  const names = closed.map(({ task }) => task ?? "(no task)").join(", ");
  const answer =
    threshold === null
      ? "There is no threshold in force to judge by."
      : `${names === "" ? "None for sure yet" : names}: at most ${plainPercent(promised.atMost)} ` +
        `${PROMISED_RATE[target]}. ${formatCount(open.length)} not known yet.`;
  return {
    id: "tasks",
    question: "Which tasks can the cheap model close?",
    answer,
    table: {
      columns: [
        WORDS("task"),
        NUMBER("would ship"),
        NUMBER("graded"),
        NUMBER("wrong of shipped"),
        ...(isJoint ? [NUMBER("wrong of all")] : []),
        WORDS(`at most ${plainPercent(promised.atMost)}?`),
      ],
      rows: tasks.map((row) => [
        textCell(row.task ?? "(no task)"),
        observedCell(row.wouldShip),
        countCell(row.wrong.graded),
        wrongCell(row.wrong),
        // What is promised is judged by the rate that it speaks of.
        ...(isJoint ? [shareCell(row.rate.share, row.rate.interval)] : []),
        promiseCell(row.promise),
      ]),
    },
    notes:
      tasks.length > 1 ? ["Each task is judged by itself; of twenty, one may pass by chance."] : [],
    figures: [
      {
        kind: "shares",
        limit: promised.atMost,
        rate: isJoint ? "wrong of all requests" : "wrong of shipped",
        rows: tasks.map(({ task, rate, promise }) => ({
          name: task ?? "(no task)",
          share: rate.share,
          interval: rate.interval,
          moreGrades: promise.moreGrades,
        })),
      },
    ],
  };
}

function sliceSection({ slices }: TierReport, { ofSlices }: Examples): ReportSection {
  const proven = slices.slices.filter(({ isProven }) => isProven).length;
  const answer =
    slices.rows === 0
      ? "Not known yet: no graded answers."
      : slices.slices.length === 0
        ? `No slice stands out in ${counted(slices.rows, "graded answer")}, which is no all-clear.`
        : `${counted(slices.slices.length, "slice")} ${slices.slices.length === 1 ? "fails" : "fail"} ` +
          `more than the rest, ${formatCount(proven)} of them proven.`;
  return {
    id: "slices",
    question: "Where does it fail?",
    answer,
    table: {
      columns: [
        WORDS("slice"),
        NUMBER("graded"),
        NUMBER("wrong"),
        NUMBER("at least"),
        NUMBER("times the rest"),
        WORDS("proven"),
        WORDS("examples"),
      ],
      rows: slices.slices.map((slice, index) => [
        textCell(slice.features.join(" + ")),
        countCell(slice.rows),
        { text: formatShare(slice.wrongShare), value: slice.wrongShare },
        { text: formatShare(slice.low), value: slice.low },
        { text: slice.lift.toFixed(1), value: slice.lift },
        textCell(slice.isProven ? "yes" : "no"),
        exampleCell(ofSlices[index] ?? []),
      ]),
    },
    notes: [
      `${counted(slices.tested, "slice was", "slices were")} tested; the list has at most 10 % false ones, ` +
        "proven ones hold against all tests together. Rates of listed slices are too high on average.",
      ...(slices.isComplete ? [] : ["Only a part of the graded answers was looked at."]),
    ],
  };
}

function exampleCell(examples: readonly Example[]): ReportCell {
  const lines = examples.map(({ itemId, excerpt }) =>
    excerpt === null ? itemId : `${itemId}: ${excerpt}`,
  );
  return { text: lines.join("; "), lines, value: examples.map(({ itemId }) => itemId).join(" ") };
}

function outcomeSection({ outcomes, threshold }: TierReport): ReportSection {
  const base = {
    id: "outcomes",
    question: "Is it unsure when it is wrong?",
    notes: [],
  };
  if (outcomes === null || threshold === null) {
    return { ...base, answer: "There is no threshold in force to judge by.", table: null };
  }
  return {
    ...base,
    answer: outcomeAnswer(outcomes, threshold),
    table: {
      columns: [WORDS("cheap answer"), NUMBER("would ship"), NUMBER("would escalate")],
      rows: [
        [
          textCell("right"),
          outcomeCell(outcomes.shippedRight),
          outcomeCell(outcomes.escalatedRight),
        ],
        [
          textCell("wrong"),
          outcomeCell(outcomes.shippedWrong),
          outcomeCell(outcomes.escalatedWrong),
        ],
      ],
    },
  };
}

function outcomeAnswer(
  { graded, shippedWrong, escalatedRight }: OutcomeTable,
  threshold: number,
): string {
  const { share } = shippedWrong;
  if (share === null) {
    return notKnownYet(graded, "graded answer", "drawn over all confidences");
  }
  return (
    `At ${formatConfidence(threshold)}, ${formatShare(share)} of all triages are sure and wrong; ` +
    `${formatShare(escalatedRight.share ?? 0)} escalate although they are right.`
  );
}

function outcomeCell({ items, share, interval }: OutcomeCell): ReportCell {
  const { text } = shareCell(share, interval, "");
  return { text: `${formatCount(items)} ${text}`.trim(), value: items };
}

function confidentSection({ wrongIfShipped }: TierReport, { confident }: Examples): ReportSection {
  const answer =
    wrongIfShipped === null
      ? "There is no threshold in force to judge by."
      : `Wrong of what would ship: ${describeWrong(wrongIfShipped)}.`;
  return {
    id: "confidently_wrong",
    question: "When was it confidently wrong?",
    answer,
    table: {
      columns: [WORDS("item"), NUMBER("confidence"), WORDS("task"), WORDS("says"), WORDS("asked")],
      rows: confident.map(({ itemId, confidence, task, by, excerpt }) => [
        textCell(itemId),
        confidence === null
          ? { text: "–", value: null }
          : { text: formatConfidence(confidence), value: confidence },
        textCell(task ?? ""),
        textCell(by),
        textCell(excerpt ?? ""),
      ]),
    },
    notes: [],
  };
}
