import type { Example, Examples } from "../evidence/find-examples.ts";
import type { OutcomeCell, OutcomeTable } from "../evidence/outcome-table.ts";
import type { TierReport } from "../evidence/tier-report.ts";
import { formatConfidence, formatCount, formatShare } from "../format-number.ts";
import {
  countCell,
  describeWrong,
  observedCell,
  plainPercent,
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
    differenceSection(tier),
  ];
}

const NUMBER = (title: string) => ({ title, isNumber: true });
const WORDS = (title: string) => ({ title, isNumber: false });

function taskSection({ tasks, promised, threshold }: TierReport): ReportSection {
  const closed = tasks.filter(({ promise }) => promise.state === "holds");
  const open = tasks.filter(({ promise }) => promise.state === "not_known_yet");
  const names = closed.map(({ task }) => task ?? "(no task)").join(", ");
  const answer =
    threshold === null
      ? "There is no threshold in force to judge by."
      : `${names === "" ? "None for sure yet" : names}: at most ${plainPercent(promised.atMost)} of ` +
        `what ships is wrong. ${formatCount(open.length)} not known yet.`;
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
        WORDS(`at most ${plainPercent(promised.atMost)}?`),
      ],
      rows: tasks.map((row) => [
        textCell(row.task ?? "(no task)"),
        observedCell(row.wouldShip),
        countCell(row.wrong.graded),
        wrongCell(row.wrong),
        promiseCell(row.promise),
      ]),
    },
    notes:
      tasks.length > 1 ? ["Each task is judged by itself; of twenty, one may pass by chance."] : [],
  };
}

function sliceSection({ slices }: TierReport, { ofSlices }: Examples): ReportSection {
  const proven = slices.slices.filter(({ isProven }) => isProven).length;
  const answer =
    slices.rows === 0
      ? "Not known yet: no graded answers."
      : slices.slices.length === 0
        ? `No slice stands out in ${formatCount(slices.rows)} graded answers, which is no all-clear.`
        : `${formatCount(slices.slices.length)} slices fail more than the rest, ${formatCount(proven)} of them proven.`;
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
      `${formatCount(slices.tested)} slices were tested; the list has at most 10 % false ones, ` +
        "proven ones hold against all tests together. Rates of listed slices are too high on average.",
      ...(slices.isComplete ? [] : ["Only a part of the graded answers was looked at."]),
    ],
  };
}

function exampleCell(examples: readonly Example[]): ReportCell {
  const text = examples
    .map(({ itemId, excerpt }) => (excerpt === null ? itemId : `${itemId}: ${excerpt}`))
    .join("; ");
  return { text, value: examples.map(({ itemId }) => itemId).join(" ") };
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
  if (share === null) return `Not known yet: ${formatCount(graded)} graded answers.`;
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

function missingSection({ missing }: TierReport): ReportSection {
  const { items, complete, reasons } = missing;
  return {
    id: "missing",
    question: "Which answers are missing, and why?",
    answer: `${formatCount(complete)} of ${formatCount(items)} items have both answers.`,
    table: {
      columns: [WORDS("side"), WORDS("reason"), NUMBER("items"), NUMBER("share")],
      rows: reasons.map((row) => [
        textCell(row.side),
        textCell(row.reason),
        countCell(row.items),
        shareCell(row.items / Math.max(1, items), null),
      ]),
    },
    notes: [],
  };
}

function differenceSection({ differences }: TierReport): ReportSection {
  const { compared, differing, share, interval, graded, discordantP } = differences;
  const told = shareCell(share, interval, "not known yet").text;
  return {
    id: "differences",
    question: "How often do the models differ, and who was right?",
    answer: `${formatCount(differing)} of ${formatCount(compared)} compared answers differ: ${told}.`,
    table: {
      columns: [
        WORDS("graded by"),
        NUMBER("items"),
        NUMBER("only cheap right"),
        NUMBER("only deep right"),
        NUMBER("both right"),
        NUMBER("both wrong"),
      ],
      rows: graded.map((row) => [
        textCell(row.by === "judge" ? "judge (says)" : row.by),
        countCell(row.items),
        countCell(row.onlyCheapRight),
        countCell(row.onlyDeepRight),
        countCell(row.bothRight),
        countCell(row.bothWrong),
      ]),
    },
    notes: [
      "Different is not wrong: which answer was right only a label, a person or a judge can say.",
      ...(discordantP === null
        ? []
        : [
            `Were neither better, a split as uneven as theirs would come with p = ${discordantP.toPrecision(2)} (McNemar, exact, over all items with both truths).`,
          ]),
    ],
  };
}
