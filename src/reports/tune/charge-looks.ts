import { hash } from "node:crypto";
import type { TuningLook } from "../../ledger/ledger.ts";
import { formatShare, formatTime } from "../format-number.ts";
import { failureProbabilityOf, type TuningGoal } from "./tuning-goal.ts";
import type { SampleCell } from "./tuning-sample.ts";

/** Looks with `--one-shot` at the same evidence, and what they leave of a goal's failure probability. */
export interface LooksCharge {
  /** What may still be spent on this look; 0 = nothing, so that nothing can be certified. */
  readonly failureProbability: number;
  /** What was spent before, by other looks. */
  readonly spent: number;
  /** One sentence; null when nothing was spent before. */
  readonly sentence: string | null;
  /** Whether this very look was made before: asking again costs nothing. */
  readonly isRepeated: boolean;
}

export interface LookedAt {
  readonly goal: TuningGoal;
  /** JSON of the models and the prompt, and of the task if it is about one. */
  readonly subject: string;
  readonly dataHash: string;
  /** Start of the evidence, epoch milliseconds; absent = all of it. */
  readonly fromMs?: number;
}

/**
 * A test for one look spends its failure probability with the first, whatever came of it: a second
 * look is another chance to be misled. So earlier looks at the same models and prompt are charged to
 * every later one, with one look or many: together they mislead with at most the probability that the
 * goal allows, as the sum of what each was tested at stays within it. Evidence of days after a look
 * was not looked at by it.
 */
export function chargeLooks(looks: readonly TuningLook[], looked: LookedAt): LooksCharge {
  const { goal, subject, dataHash, fromMs = -Infinity } = looked;
  const wanted = failureProbabilityOf(goal);
  const same = looks.filter((look) => look.subject === subject && look.createdAtMs >= fromMs);
  const repeated = same.find(
    (look) => goal.looks === "once" && look.dataHash === dataHash && look.goal === goalText(goal),
  );
  if (repeated !== undefined) {
    const { failureProbability } = repeated;
    return { failureProbability, spent: 0, sentence: null, isRepeated: true };
  }
  const spent = same.reduce((sum, look) => sum + look.failureProbability, 0);
  const left = Math.max(0, Number((wanted - spent).toPrecision(9)));
  return {
    failureProbability: left,
    spent,
    sentence: sentenceOf(same, spent, left, wanted),
    isRepeated: false,
  };
}

/** One way of writing a goal, so that equal goals are equal texts. */
export function goalText({ target, atMost, confidence, looks, graders }: TuningGoal): string {
  return JSON.stringify([target, atMost, confidence, looks, graders ?? "truth"]);
}

/** Names rows, so that it can be told whether the same ones are looked at again. */
export function hashOfCells(cells: readonly SampleCell[]): string {
  const lines = cells.map((cell) => JSON.stringify(cell)).toSorted();
  return hash("sha256", lines.join("\n")).slice(0, 16);
}

function sentenceOf(
  looks: readonly TuningLook[],
  spent: number,
  left: number,
  wanted: number,
): string | null {
  const last = looks.at(-1);
  if (last === undefined) return null;
  const made =
    `${looks.length === 1 ? "A look" : `${String(looks.length)} looks`} with --one-shot ` +
    `(the last on ${formatTime(last.createdAtMs)}) spent ${formatShare(spent)} of failure probability`;
  return left > 0
    ? `${made}; ${formatShare(left)} of the ${formatShare(wanted)} are left for this one.`
    : `${made}, and ${formatShare(wanted)} are allowed: nothing is left to certify with. ` +
        "Ask for less confidence, or tune on later days alone with --since.";
}
