import type { Grade } from "../../ledger/records/evidence.ts";
import type { CardSide, CardVerdict } from "./blind-card.ts";

/** What a person can say of one answer. */
export type HumanOutcome = Extract<Grade["outcome"], "right" | "wrong" | "cannot_tell">;

/**
 * What a verdict on a card says of each answer's author. Null when the card does not take it, such
 * as `both` where there is one answer.
 *
 * @param sides as `cardSides` puts them
 */
export function verdictOutcomes(
  verdict: CardVerdict,
  sides: readonly (readonly CardSide[])[],
): ReadonlyMap<CardSide, HumanOutcome> | null {
  const outcomes = sides.length === 2 ? PAIR_OUTCOMES[verdict] : SINGLE_OUTCOMES[verdict];
  if (outcomes === undefined) return null;
  return new Map(
    sides.flatMap((authors, position) =>
      authors.map((side) => [side, outcomes[position] ?? "cannot_tell"] as const),
    ),
  );
}

type OutcomeTable = Readonly<Partial<Record<CardVerdict, readonly HumanOutcome[]>>>;

const PAIR_OUTCOMES: OutcomeTable = {
  first: ["right", "wrong"],
  second: ["wrong", "right"],
  both: ["right", "right"],
  neither: ["wrong", "wrong"],
  cannot_tell: ["cannot_tell", "cannot_tell"],
};

const SINGLE_OUTCOMES: OutcomeTable = {
  right: ["right"],
  wrong: ["wrong"],
  cannot_tell: ["cannot_tell"],
};
