import type { AnswerPair, ItemPairs } from "../compose/read-pairs.ts";
import { formatConfidence, formatTime } from "../reports/format-number.ts";
import { formatUsd } from "../reports/format-usd.ts";
import type { Paint } from "./paint.ts";
import { printableText } from "./printable-text.ts";
import { renderTable } from "./table.ts";
import { wrapLines } from "./wrap-lines.ts";

type Evidence = AnswerPair["evidence"];
type Grade = ItemPairs["grades"][number];

/** One pair in a few lines: the last question, the beginnings of both answers, and what is known. */
export function renderPairLines(pair: AnswerPair, paint: Paint, columns: number): string {
  const { evidence, request, cheap, deep } = pair;
  const width = Math.max(20, Math.min(columns, 120) - 12);
  const question = request?.turns.findLast(({ role }) => role === "user")?.text ?? null;
  const line = (name: string, text: string | null, missing: string | null): string =>
    `  ${paint.faint(name.padEnd(6))}  ${text === null ? paint.faint(notThere(missing)) : excerpt(text, width)}`;
  return [
    `${paint.strong(printableText(evidence.itemId))}  ${paint.faint(describePlace(evidence))}`,
    line("asked", question, null),
    line("cheap", cheap, evidence.cheapMissing),
    line("deep", deep, evidence.deepMissing),
    `  ${describeOutcomes(evidence, paint)}`,
  ].join("\n");
}

/** One item from its first word to its last, with everything that graders said of it. */
export function renderItem({ pairs, grades }: ItemPairs, paint: Paint, columns: number): string {
  const width = Math.max(20, Math.min(columns, 100) - 5);
  const [first] = pairs;
  const system = first?.request?.system ?? null;
  const block = (title: string, text: string | null, missing: string | null): readonly string[] => [
    `  ${paint.strong(printableText(title))}`,
    ...(text === null
      ? [`    ${paint.faint(notThere(missing))}`]
      : wrapLines(text, width).map((line) => `    ${line}`.trimEnd())),
    "",
  ];
  return [
    paint.strong(printableText(first?.evidence.itemId ?? "")),
    ...(first === undefined ? [] : [paint.faint(`  ${describePlace(first.evidence)}`), ""]),
    ...(system === null ? [] : block("system", system, null)),
    ...(first?.request?.turns.flatMap(({ role, text }) => block(role, text, null)) ??
      block("asked", null, null)),
    ...(first?.ideal === null || first === undefined
      ? []
      : block("right answer of the data set", first.ideal, null)),
    ...pairs.flatMap(({ evidence, cheap, deep }) => [
      ...block(`cheap: ${describeSide(evidence, "cheap")}`, cheap, evidence.cheapMissing),
      ...block(`deep: ${describeSide(evidence, "deep")}`, deep, evidence.deepMissing),
      `  ${describeOutcomes(evidence, paint)}`,
      "",
    ]),
    ...renderGrades(grades, paint),
  ]
    .join("\n")
    .trimEnd();
}

function describePlace(evidence: Evidence): string {
  const { createdAtMs, route, task, decision, confidence, dataset, propensity } = evidence;
  return [
    formatTime(createdAtMs),
    `route ${printableText(route)}`,
    ...(task === null ? [] : [`task ${printableText(task)}`]),
    dataset === null ? decision : `data set ${printableText(dataset)}`,
    confidence === null ? "no confidence" : `confidence ${formatConfidence(confidence)}`,
    ...(propensity === null ? ["nobody drew it"] : []),
  ].join(", ");
}

function describeSide(evidence: Evidence, side: "cheap" | "deep"): string {
  const model = side === "cheap" ? evidence.cheapModel : evidence.deepModel;
  const cost = side === "cheap" ? evidence.cheapCostNanoUsd : evidence.deepCostNanoUsd;
  return `${model ?? "model not known"}, ${cost === null ? "unpriced" : formatUsd(cost)}`;
}

/** What the comparator and each kind of grader say; what nobody said is not told. */
function describeOutcomes({ cheap, deep, differs }: Evidence, paint: Paint): string {
  const said = ([name, outcomes]: readonly [string, Evidence["cheap"]]): readonly string[] =>
    (["label", "human", "judge"] as const).flatMap((by) => {
      const outcome = outcomes[by];
      if (outcome === null) return [];
      const word = {
        right: paint.good,
        wrong: paint.bad,
        disputed: paint.warning,
        cannot_tell: paint.warning,
      }[outcome](outcome);
      return [`${name} ${word} by ${by}`];
    });
  const grades = [said(["cheap", cheap]), said(["deep", deep])].flat();
  const compared = differs === null ? [] : [differs ? paint.warning("they differ") : "they agree"];
  const words = [...compared, ...grades];
  return words.length === 0 ? paint.faint("not graded yet") : words.join(", ");
}

function renderGrades(grades: readonly Grade[], paint: Paint): readonly string[] {
  if (grades.length === 0) return [`  ${paint.faint("Nobody has graded it yet.")}`];
  const rows = grades.map(
    ({ tier, by, outcome, grader, createdAtMs, isRepeat, retractedAtMs, note }) => [
      formatTime(createdAtMs),
      String(tier),
      by,
      outcome.replace("_", " "),
      printableText(grader),
      [
        ...(isRepeat ? ["asked again"] : []),
        ...(retractedAtMs === null ? [] : ["taken back"]),
        ...(note === null ? [] : [printableText(note)]),
      ].join(", "),
    ],
  );
  return renderTable(GRADE_COLUMNS, rows, paint);
}

const GRADE_COLUMNS = [
  { title: "graded" },
  { title: "tier", align: "right" },
  { title: "by" },
  { title: "says" },
  { title: "who" },
  { title: "" },
] as const;

function notThere(missing: string | null): string {
  return missing === null ? "text not kept" : `none (${missing})`;
}

function excerpt(text: string, width: number): string {
  const line = printableText(text.replaceAll(/\s+/g, " ")).trim();
  return line.length <= width ? line : `${line.slice(0, width - 1).toWellFormed()}…`;
}
