import type { Evidence } from "../../ledger/records/evidence.ts";
import { hashDraw, hashOf } from "./hash-draw.ts";
import type { ItemTexts } from "./item-texts.ts";
import type { RequestText } from "./request-text.ts";

/** What a grader says of a card. */
export const CARD_VERDICTS = [
  /** Of two answers: only the one that stands first is right. */
  "first",
  "second",
  "both",
  "neither",
  /** Of one answer. */
  "right",
  "wrong",
  /** Of any card; it is not asked again, and its answers stay ungraded. */
  "cannot_tell",
] as const;
export type CardVerdict = (typeof CARD_VERDICTS)[number];

/**
 * What a grader sees: a request and its answers, and nothing that tells which model gave which, how
 * sure it was, or whether this card has been seen before.
 */
export interface BlindCard {
  /** One per item, grader and occasion, so that a verdict that arrives twice counts once. */
  readonly cardId: string;
  readonly itemId: string;
  /** The tier whose answer is at stake; with `itemId` it names the evidence. */
  readonly tier: number;
  readonly route: string;
  readonly task: string | null;
  readonly request: RequestText;
  /** The right answer, where the data set came with one. */
  readonly ideal: string | null;
  /** Two in random order; one when there is one only, or both models say the same. */
  readonly answers: readonly string[];
  /** The verdicts that this card takes, in the order of their keys. */
  readonly verdicts: readonly CardVerdict[];
}

/** Whose answer stands where on a card. */
export interface CardLayout {
  readonly cardId: string;
  readonly isDeepFirst: boolean;
}

export type CardSide = "cheap" | "deep";

/**
 * @param occasion how often the grader has given a verdict on this item before, those taken back
 * included: each time the order is drawn anew
 */
export function cardLayout(
  { itemId, tier }: Pick<Evidence, "itemId" | "tier">,
  grader: string,
  occasion: number,
): CardLayout {
  const subject = [itemId, String(tier), grader, String(occasion)];
  return {
    cardId: `crd_${hashOf(["card", ...subject])}`,
    isDeepFirst: hashDraw(["order", ...subject]) < 0.5,
  };
}

/** Null where a text is missing without which nobody could judge. */
export function blindCard(
  evidence: Evidence,
  texts: Pick<ItemTexts, "request" | "cheap" | "deep" | "ideal">,
  layout: CardLayout,
): BlindCard | null {
  const { request, cheap, ideal } = texts;
  if (request === null || cheap === null || evidence.cheapMissing !== null) return null;
  const sides = cardSides(evidence, texts, layout);
  const { itemId, tier, route, task } = evidence;
  return {
    cardId: layout.cardId,
    itemId,
    tier,
    route,
    task,
    request,
    ideal,
    answers: sides.map(([side]) => (side === "deep" ? (texts.deep ?? "") : cheap)),
    verdicts: sides.length === 2 ? PAIR_VERDICTS : SINGLE_VERDICTS,
  };
}

/**
 * Whose answers a card shows, in its order. An answer that both models gave stands there once, for
 * both.
 */
export function cardSides(
  evidence: Pick<Evidence, "deepMissing">,
  { cheap, deep }: Pick<ItemTexts, "cheap" | "deep">,
  { isDeepFirst }: CardLayout,
): readonly (readonly CardSide[])[] {
  if (deep === null || evidence.deepMissing !== null) return [["cheap"]];
  if (cheap?.trim() === deep.trim()) return [["cheap", "deep"]];
  return isDeepFirst ? [["deep"], ["cheap"]] : [["cheap"], ["deep"]];
}

const PAIR_VERDICTS: readonly CardVerdict[] = ["first", "second", "both", "neither", "cannot_tell"];
const SINGLE_VERDICTS: readonly CardVerdict[] = ["right", "wrong", "cannot_tell"];
