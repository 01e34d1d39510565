import type { BlindCard, GradingDesk } from "../compose/open-grading-desk.ts";
import type { GradingTalk } from "./grading-talk.ts";

/** What a sitting came to. */
export interface GradingSitting {
  /** Verdicts that stand, repeats included. */
  readonly given: number;
  /** Of these, cards that had been seen before. */
  readonly repeats: number;
  /** `limit` = as many as were asked for; `nothing_left`; `stopped` by the grader. */
  readonly end: "limit" | "nothing_left" | "stopped" | "input_ended";
}

/**
 * Puts cards to somebody until there are enough.
 *
 * @param toNextLook labels until a threshold may be certified, as of the start; null = not known
 */
export async function gradeCards(
  desk: GradingDesk,
  talk: GradingTalk,
  limit: number,
  toNextLook: number | null,
): Promise<GradingSitting> {
  const answered: {
    readonly card: BlindCard;
    readonly isRepeat: boolean;
    readonly isLabel: boolean;
  }[] = [];
  const sitting = (end: GradingSitting["end"]): GradingSitting => ({
    given: answered.length,
    repeats: answered.filter(({ isRepeat }) => isRepeat).length,
    end,
  });
  while (answered.length < limit) {
    const card = await desk.next();
    if (card === null) return sitting("nothing_left");
    const given = answered.length;
    const labels = answered.filter(({ isLabel }) => isLabel).length;
    talk.show(card, {
      position: given + 1,
      of: Math.min(limit, given + Math.max(1, desk.counts().waiting)),
      toNextLook: toNextLook === null ? null : toNextLook - labels,
    });
    const answer = await talk.ask(card);
    if (answer === null) return sitting("input_ended");
    if (answer.kind === "end") return sitting("stopped");
    if (answer.kind === "undo") {
      const last = answered.at(-1);
      const undone = last === undefined ? null : await desk.undo(last.card);
      if (undone?.ok === true) answered.pop();
      else talk.complain("There is no verdict of this sitting to take back.");
      continue;
    }
    const { cardId, itemId, tier } = card;
    const { verdict, note } = answer;
    const result = await desk.give({ cardId, itemId, tier, verdict, note });
    if (result.ok) {
      talk.reveal(result.value);
      const isRepeat = result.value.earlierOutcome !== null;
      answered.push({ card, isRepeat, isLabel: !isRepeat && verdict !== "cannot_tell" });
    } else talk.complain(`The verdict was not taken (${result.problem}); here is another card.`);
  }
  return sitting("limit");
}
