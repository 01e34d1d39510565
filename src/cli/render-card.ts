import type {
  BlindCard,
  CardVerdict,
  Reveal,
  RevealedAnswer,
} from "../compose/open-grading-desk.ts";
import { counted, formatConfidence, formatCount } from "../reports/format-number.ts";
import { formatUsd } from "../reports/format-usd.ts";
import { verdictKeys } from "./grading-answer.ts";
import type { GradingProgress } from "./grading-talk.ts";
import type { Paint } from "./paint.ts";
import { printableText } from "./printable-text.ts";
import { wrapLines } from "./wrap-lines.ts";

/** Lines of one text of the request that are shown at first. */
const SHOWN_LINES = 12;

/** Turns at the end of the conversation that are shown at first. */
const SHOWN_TURNS = 3;

const INDENT = "    ";

/** A blind card for people: what was asked, and the answers in their random order. */
export function renderCard(
  card: BlindCard,
  progress: GradingProgress,
  paint: Paint,
  columns: number,
  isWhole = false,
): string {
  const { answers, ideal } = card;
  const width = widthOf(columns);
  const titles = answers.length === 1 ? ["answer"] : ["answer 1", "answer 2"];
  return [
    renderHeading(card, progress, paint, columns),
    "",
    ...renderRequest(card, paint, width, isWhole ? Infinity : SHOWN_LINES),
    ...(ideal === null ? [] : renderText("right answer of the data set", ideal, paint, width)),
    ...answers.flatMap((answer, position) =>
      renderText(paint.strong((titles[position] ?? "").toUpperCase()), answer, paint, width),
    ),
  ]
    .join("\n")
    .trimEnd();
}

/** The request from its first word to its last. */
export function renderWholeRequest(card: BlindCard, paint: Paint, columns: number): string {
  return ["", ...renderRequest(card, paint, widthOf(columns), Infinity)].join("\n").trimEnd();
}

export function renderKeys(card: BlindCard, paint: Paint): string {
  const verdicts = [...verdictKeys(card)].map(
    ([key, verdict]) => `${paint.strong(key)} ${VERDICT_WORDS[verdict]}`,
  );
  const others = ["n note", "u undo", "v all of the request", "q end"].map(paint.faint);
  return `  ${verdicts.join("   ")}\n  ${others.join("   ")}`;
}

/** Whose answers they were. */
export function renderReveal(reveal: Reveal, paint: Paint): string {
  const { answers, threshold, earlierOutcome } = reveal;
  const [first] = answers;
  const again =
    earlierOutcome === null || first === undefined
      ? []
      : [`  ${paint.faint("You had seen this card before. This verdict tells of you alone.")}`];
  const held =
    threshold === null ? [] : [`  ${paint.faint(`threshold ${formatConfidence(threshold)}`)}`];
  return [...answers.flatMap((answer) => renderAuthors(answer, paint)), ...held, ...again].join(
    "\n",
  );
}

const VERDICT_WORDS: Readonly<Record<CardVerdict, string>> = {
  first: "first only",
  second: "second only",
  both: "both right",
  neither: "both wrong",
  right: "right",
  wrong: "wrong",
  cannot_tell: "cannot tell",
};

function widthOf(columns: number): number {
  return Math.max(20, Math.min(columns, 100) - INDENT.length - 1);
}

function renderHeading(
  { route, task }: BlindCard,
  { position, of, toNextLook }: GradingProgress,
  paint: Paint,
  columns: number,
): string {
  const place = task === null ? `route ${route}` : `route ${route}, task ${task}`;
  const look =
    toNextLook === null
      ? []
      : [toNextLook > 0 ? `${formatCount(toNextLook)} to the next look` : "time for a look: tune"];
  const words = [`${formatCount(position)} of ${formatCount(of)}`, ...look, printableText(place)];
  const text = `── ${words.join(" · ")} `;
  return `\n${paint.faint(text.padEnd(Math.min(columns, 100) - 1, "─"))}`;
}

function renderRequest(
  { request }: BlindCard,
  paint: Paint,
  width: number,
  mostLines: number,
): readonly string[] {
  const { system, turns } = request;
  const shown = mostLines === Infinity ? turns : turns.slice(-SHOWN_TURNS);
  const hidden = turns.length - shown.length;
  return [
    ...(system === null ? [] : renderText("system", system, paint, width, mostLines)),
    ...(hidden === 0 ? [] : [`  ${paint.faint(`… ${counted(hidden, "earlier turn")} (v)`)}`, ""]),
    ...shown.flatMap(({ role, text }) => renderText(role, text, paint, width, mostLines)),
  ];
}

function renderText(
  title: string,
  text: string,
  paint: Paint,
  width: number,
  mostLines = Infinity,
): readonly string[] {
  const lines = wrapLines(text, width);
  const hidden = lines.length - mostLines;
  const shown = hidden > 0 ? lines.slice(0, mostLines) : lines;
  return [
    `  ${title.includes("\u001B") ? title : paint.faint(printableText(title))}`,
    ...shown.map((line) => `${INDENT}${line}`.trimEnd()),
    ...(hidden > 0 ? [`${INDENT}${paint.faint(`… ${counted(hidden, "more line")} (v)`)}`] : []),
    "",
  ];
}

function renderAuthors({ outcome, authors }: RevealedAnswer, paint: Paint): readonly string[] {
  const words = { right: paint.good("right"), wrong: paint.bad("wrong"), cannot_tell: "not told" };
  return authors.map(({ side, model, confidence, costNanoUsd, wasGiven }) => {
    const facts = [
      `${side} ${printableText(model ?? "model not known")}`,
      ...(confidence === null ? [] : [`confidence ${formatConfidence(confidence)}`]),
      ...(costNanoUsd === null ? [] : [formatUsd(costNanoUsd)]),
      ...(wasGiven === true ? ["given to the client"] : []),
    ];
    return `  ${words[outcome]}: ${facts.join(", ")}`;
  });
}
