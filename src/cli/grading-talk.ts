import type { BlindCard, Reveal } from "../compose/open-grading-desk.ts";
import type { CliIo } from "./cli-io.ts";
import { readGradingLine, verdictKeys, type GradingAnswer } from "./grading-answer.ts";
import { INTERRUPT_KEY, type CliInput } from "./input.ts";
import type { Paint } from "./paint.ts";
import { toJson } from "./print-json.ts";
import { renderCard, renderKeys, renderReveal, renderWholeRequest } from "./render-card.ts";

/** Where a grader stands. */
export interface GradingProgress {
  /** Of this card, from 1. */
  readonly position: number;
  readonly of: number;
  /** Labels until a threshold may be certified; null = not known. */
  readonly toNextLook: number | null;
}

/** How cards are put to somebody, and answers taken. */
export interface GradingTalk {
  show(card: BlindCard, progress: GradingProgress): void;
  /** Null when the input has ended or somebody has interrupted. */
  ask(card: BlindCard): Promise<GradingAnswer | null>;
  reveal(reveal: Reveal): void;
  /** A sentence about what did not work. */
  complain(sentence: string): void;
  close(): void;
}

type TalkIo = Pick<CliIo, "out" | "note" | "columns" | "openKeys" | "openLines">;

/** At a terminal: one key, one verdict. */
export function createKeyTalk(io: TalkIo, paint: Paint): GradingTalk {
  let keys = io.openKeys();
  const readNote = async (): Promise<string | null> => {
    io.note("  Note, and Enter:");
    keys.close();
    const lines = io.openLines();
    const note = await lines.next();
    lines.close();
    keys = io.openKeys();
    return note?.trim() === "" ? null : note;
  };
  return {
    show: (card, progress) => {
      io.out(renderCard(card, progress, paint, io.columns));
      io.note(`\n${renderKeys(card, paint)}`);
    },
    ask: async (card) => {
      const verdicts = verdictKeys(card);
      let note: string | null = null;
      for (;;) {
        const key = await keys.next();
        if (key === null || key === INTERRUPT_KEY) return null;
        const verdict = verdicts.get(key);
        if (verdict !== undefined) return { kind: "verdict", verdict, note };
        if (key === "u") return { kind: "undo" };
        if (key === "q") return { kind: "end" };
        if (key === "n") note = await readNote();
        else if (key === "v") io.out(renderWholeRequest(card, paint, io.columns));
        if (key === "n" || key === "v" || key === "?") io.note(`\n${renderKeys(card, paint)}`);
      }
    },
    reveal: (reveal) => {
      io.out(renderReveal(reveal, paint));
    },
    complain: (sentence) => {
      io.note(`  ${paint.warning(sentence)}`);
    },
    close: () => {
      keys.close();
    },
  };
}

/** Line by line, for pipes and screen readers. */
export function createPlainTalk(io: TalkIo, paint: Paint): GradingTalk {
  const lines = io.openLines();
  return {
    show: (card, progress) => {
      io.out(renderCard(card, progress, paint, io.columns, true));
      io.note(renderKeys(card, paint));
    },
    ask: (card) => askLines(lines, card, (sentence) => io.note(sentence)),
    reveal: (reveal) => {
      io.out(renderReveal(reveal, paint));
    },
    complain: (sentence) => {
      io.note(sentence);
    },
    close: () => {
      lines.close();
    },
  };
}

/** One JSON object a line: `card`, then a line is read, then `reveal`. */
export function createJsonTalk(io: TalkIo): GradingTalk {
  const lines = io.openLines();
  return {
    show: (card, progress) => {
      io.out(toJson({ kind: "card", progress, card }));
    },
    ask: (card) => askLines(lines, card, (sentence) => io.note(sentence)),
    reveal: (reveal) => {
      io.out(toJson({ kind: "reveal", reveal }));
    },
    complain: (sentence) => {
      io.note(sentence);
    },
    close: () => {
      lines.close();
    },
  };
}

async function askLines(
  lines: CliInput,
  card: BlindCard,
  complain: (sentence: string) => void,
): Promise<GradingAnswer | null> {
  for (;;) {
    const line = await lines.next();
    if (line === null) return null;
    if (line.trim() === "") continue;
    const answer = readGradingLine(line, card);
    if (answer !== null) return answer;
    complain(`Wanted one of ${[...verdictKeys(card).keys()].join(", ")}, u or q.`);
  }
}
