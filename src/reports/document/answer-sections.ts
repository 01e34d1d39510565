import type { TierReport } from "../evidence/tier-report.ts";
import { counted, formatCount } from "../format-number.ts";
import { countCell, observedCell, shareCell } from "./describe-share.ts";
import { textCell, type ReportSection } from "./report-document.ts";

const NUMBER = (title: string) => ({ title, isNumber: true });
const WORDS = (title: string) => ({ title, isNumber: false });

export function missingSection({ missing }: TierReport): ReportSection {
  const { items, complete, reasons } = missing;
  return {
    id: "missing",
    question: "Which answers are missing, and why?",
    answer: `${formatCount(complete)} of ${counted(items, "item")} have both answers.`,
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

/** Refusals are neither wrong nor right, and stand in no other rate. */
export function refusalSection({ refusals }: TierReport): ReportSection {
  const { cheap, deep, tasks } = refusals;
  const told = (share: typeof cheap, of: string): string =>
    share.of === 0
      ? "has answered nothing yet"
      : `refused ${formatCount(share.count)} of ${counted(share.of, of)}`;
  const rows = [
    { who: "cheap model, all tasks", share: cheap },
    ...tasks.map((task) => ({ who: `cheap model, ${task.task ?? "(no task)"}`, share: task })),
    { who: "deep model, where it was asked", share: deep },
  ];
  return {
    id: "refusals",
    question: "What do the models refuse?",
    answer: `The cheap model ${told(cheap, "triage")}, the deep model ${told(deep, "answer")}.`,
    table: {
      columns: [WORDS("model"), NUMBER("refused"), NUMBER("of"), NUMBER("share")],
      rows: rows.map(({ who, share }) => [
        textCell(who),
        countCell(share.count),
        countCell(share.of),
        observedCell(share),
      ]),
    },
    notes: ["A refused triage escalates. A refusal counts as neither right nor wrong."],
  };
}

export function differenceSection({ differences }: TierReport): ReportSection {
  const { compared, differing, share, interval, graded, discordantP } = differences;
  const told = shareCell(share, interval, "not known yet").text;
  return {
    id: "differences",
    question: "How often do the models differ, and who was right?",
    answer:
      compared === 0
        ? "Not known yet: no two answers were compared."
        : `${formatCount(differing)} of ${counted(compared, "compared answer")} ` +
          `${differing === 1 ? "differs" : "differ"}: ${told}.`,
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
    figures: [{ kind: "differences", graded }],
    notes: [
      "Different is not wrong: which answer was right only a label, a person or a judge can say.",
      ...(discordantP === null
        ? []
        : [
            "Were neither model right more often than the other, truths as uneven as these would " +
              `come with p = ${discordantP.toPrecision(2)} (McNemar, exact, over all items with both truths).`,
          ]),
    ],
  };
}
