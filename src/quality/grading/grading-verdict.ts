import type { NanoUsd } from "../../cascade/receipt.ts";
import type { Ledger, LedgerEntry } from "../../ledger/ledger.ts";
import type { Evidence, Grade } from "../../ledger/records/evidence.ts";
import { failure, success, type Result } from "../../support/result.ts";
import {
  blindCard,
  cardLayout,
  cardSides,
  type BlindCard,
  type CardLayout,
  type CardSide,
  type CardVerdict,
} from "./blind-card.ts";
import { hashOf } from "./hash-draw.ts";
import { readItemTexts, type ItemTexts, type TextLedger } from "./item-texts.ts";
import { verdictOutcomes, type HumanOutcome } from "./verdict-outcomes.ts";

/** What grading asks of a ledger. */
export type GradingLedger = TextLedger & Pick<Ledger, "evidenceOf" | "grades" | "append">;

export interface GivenVerdict {
  readonly cardId: string;
  readonly itemId: string;
  readonly tier: number;
  readonly grader: string;
  readonly verdict: CardVerdict;
  readonly note: string | null;
}

/** What a grader is told once the verdict is in. */
export interface Reveal {
  readonly cardId: string;
  /** In the order of the card's answers; an answer of both models has both authors. */
  readonly answers: readonly RevealedAnswer[];
  readonly decision: Evidence["decision"];
  /** What the confidence was held against; null when nothing was, as in a data set. */
  readonly threshold: number | null;
  /** What the grader said the first time; null when this was the first time. */
  readonly earlierOutcome: HumanOutcome | null;
}

export interface RevealedAnswer {
  readonly outcome: HumanOutcome;
  readonly authors: readonly RevealedAuthor[];
}

export interface RevealedAuthor {
  readonly side: CardSide;
  readonly model: string | null;
  /** Of the cheap side, 0–1. */
  readonly confidence: number | null;
  readonly costNanoUsd: NanoUsd | null;
  /** Whether the client was given this one; null where there was no client. */
  readonly wasGiven: boolean | null;
}

export type GradingProblem =
  /** No evidence goes by this item and tier. */
  | "unknown_item"
  /** The texts are not kept, or no longer. */
  | "no_texts"
  /** The card takes other verdicts. */
  | "verdict_unfit"
  /** The card is of another time or grader; ask for it anew. */
  | "card_outdated"
  /** The card was answered, with another verdict; take that back first. */
  | "already_answered"
  /** There is no standing verdict of this grader. */
  | "nothing_to_undo";

/** The card of an item for its grader's next verdict. */
export async function drawCard(
  ledger: GradingLedger,
  evidence: Evidence,
  grader: string,
): Promise<BlindCard | null> {
  const past = pastVerdicts(await ledger.grades(evidence.itemId), evidence.tier, grader);
  const texts = await readItemTexts(ledger, evidence);
  return blindCard(evidence, texts, cardLayout(evidence, grader, past.length));
}

/**
 * Books a verdict, and says then whose answers they were. The same verdict on the same card again
 * adds nothing.
 */
export async function giveVerdict(
  ledger: GradingLedger,
  given: GivenVerdict,
  nowMs: number,
): Promise<Result<Reveal, GradingProblem>> {
  const { itemId, tier, grader } = given;
  const evidence = (await ledger.evidenceOf(itemId)).find((one) => one.tier === tier);
  if (evidence === undefined) return failure("unknown_item");
  const grades = await ledger.grades(itemId);
  const past = pastVerdicts(grades, tier, grader);
  const layout = layoutOf(evidence, grader, past.length, given.cardId);
  if (layout === null) return failure("card_outdated");
  const texts = await readItemTexts(ledger, evidence);
  if (blindCard(evidence, texts, layout) === null) return failure("no_texts");
  const sides = cardSides(evidence, texts, layout);
  const outcomes = verdictOutcomes(given.verdict, sides);
  if (outcomes === null) return failure("verdict_unfit");
  const before = grades.filter(({ id }) => isOfCard(id, evidence, layout.cardId));
  if (before.length > 0) {
    const isSame = before.every(
      ({ tier: at, outcome, retractedAtMs }) =>
        retractedAtMs === null && outcomes.get(at === tier ? "cheap" : "deep") === outcome,
    );
    if (!isSame) return failure("already_answered");
  }
  const first = past.find((one) => isFirst(one) && !isOfCard(one.id, evidence, layout.cardId));
  if (before.length === 0) {
    const isRepeat = first !== undefined;
    await ledger.append(gradeEntries(given, evidence, outcomes, isRepeat, nowMs));
  }
  const earlier = before.length > 0 && !before.some(({ isRepeat }) => isRepeat) ? null : first;
  return success(revealOf(evidence, texts, layout, outcomes, outcomeOf(earlier)));
}

/** Takes a grader's latest standing verdict on an item back, and gives the card again. */
export async function undoVerdict(
  ledger: GradingLedger,
  { itemId, tier, grader }: Pick<GivenVerdict, "itemId" | "tier" | "grader">,
  nowMs: number,
): Promise<Result<BlindCard, GradingProblem>> {
  const evidence = (await ledger.evidenceOf(itemId)).find((one) => one.tier === tier);
  if (evidence === undefined) return failure("unknown_item");
  const grades = await ledger.grades(itemId);
  const past = pastVerdicts(grades, tier, grader);
  const latest = past.findLast(({ retractedAtMs }) => retractedAtMs === null);
  const occasions = Array.from({ length: past.length }, (_, occasion) => occasion);
  const cardId = occasions
    .map((occasion) => cardLayout(evidence, grader, occasion).cardId)
    .find((id) => latest !== undefined && isOfCard(latest.id, evidence, id));
  if (cardId === undefined) return failure("nothing_to_undo");
  const entries = grades
    .filter(({ id, retractedAtMs }) => retractedAtMs === null && isOfCard(id, evidence, cardId))
    .map(({ id }): LedgerEntry => ({ kind: "retraction", gradeId: id, atMs: nowMs }));
  await ledger.append(entries);
  const card = await drawCard(ledger, evidence, grader);
  return card === null ? failure("no_texts") : success(card);
}

/** Verdicts of a grader on one answer, taken-back ones included: each one is an occasion. */
function pastVerdicts(grades: readonly Grade[], tier: number, grader: string): readonly Grade[] {
  return grades.filter(
    (grade) => grade.by === "human" && grade.grader === grader && grade.tier === tier,
  );
}

/** Null when the card is not of this item and grader, or of a time to come. */
function layoutOf(
  evidence: Evidence,
  grader: string,
  occasions: number,
  cardId: string,
): CardLayout | null {
  for (let occasion = occasions; occasion >= 0; occasion -= 1) {
    const layout = cardLayout(evidence, grader, occasion);
    if (layout.cardId === cardId) return layout;
  }
  return null;
}

function gradeId(cardId: string, tier: number): string {
  return `grd_${hashOf(["grade", cardId, String(tier)])}`;
}

function isOfCard(id: string, { tier, deepTier }: Evidence, cardId: string): boolean {
  return id === gradeId(cardId, tier) || id === gradeId(cardId, deepTier);
}

function isFirst({ retractedAtMs, isRepeat }: Grade): boolean {
  return retractedAtMs === null && !isRepeat;
}

function outcomeOf(grade: Grade | null | undefined): HumanOutcome | null {
  const outcome = grade?.outcome;
  return outcome === "right" || outcome === "wrong" || outcome === "cannot_tell" ? outcome : null;
}

function gradeEntries(
  { cardId, itemId, grader, note }: GivenVerdict,
  { tier, deepTier }: Evidence,
  outcomes: ReadonlyMap<CardSide, HumanOutcome>,
  isRepeat: boolean,
  createdAtMs: number,
): readonly LedgerEntry[] {
  return [...outcomes].map(([side, outcome]): LedgerEntry => {
    const at = side === "cheap" ? tier : deepTier;
    const id = gradeId(cardId, at);
    const by = "human" as const;
    const facts = { grader, createdAtMs, isRepeat, note, retractedAtMs: null };
    return { kind: "grade", grade: { id, itemId, tier: at, by, outcome, ...facts } };
  });
}

function revealOf(
  evidence: Evidence,
  texts: ItemTexts,
  layout: CardLayout,
  outcomes: ReadonlyMap<CardSide, HumanOutcome>,
  earlierOutcome: HumanOutcome | null,
): Reveal {
  const { decision } = evidence;
  const given = decision === "imported" ? null : decision === "shipped" ? "cheap" : "deep";
  const authorOf = (side: CardSide): RevealedAuthor => ({
    side,
    model: side === "cheap" ? evidence.cheapModel : evidence.deepModel,
    confidence: side === "cheap" ? evidence.confidence : null,
    costNanoUsd: side === "cheap" ? evidence.cheapCostNanoUsd : evidence.deepCostNanoUsd,
    wasGiven: given === null ? null : given === side,
  });
  const triage = texts.record?.attempts.findLast(
    ({ tier, threshold }) => tier === evidence.tier && threshold !== null,
  );
  return {
    cardId: layout.cardId,
    answers: cardSides(evidence, texts, layout).map((authors) => ({
      outcome: outcomes.get(authors[0] ?? "cheap") ?? "cannot_tell",
      authors: authors.map(authorOf),
    })),
    decision,
    threshold: triage?.threshold ?? null,
    earlierOutcome,
  };
}
