import type { Ledger } from "../../ledger/ledger.ts";
import type { Evidence, Grade } from "../../ledger/records/evidence.ts";
import type { BlindCard } from "./blind-card.ts";
import { drawCard, type GradingLedger } from "./grading-verdict.ts";
import { hashDraw, hashOf } from "./hash-draw.ts";
import { ownVerdicts, selfAgreement, type OwnVerdict, type OwnVerdicts } from "./own-verdicts.ts";
import { canBeGraded, itemKey, scanItems, type GradingScope, type ItemName } from "./scan-items.ts";
import type { JudgeAgreement } from "../../statistics/judge-agreement.ts";

/** Deals one grader cards in random order, now and then one that was answered before. */
export interface GradingQueue {
  /** The next card, or the same again until it is settled; null when nothing is left. */
  next(): Promise<BlindCard | null>;
  /** Says that a card was answered, or is to be passed over. */
  settle(cardId: string): void;
  /** Puts a card, whose verdict was taken back, before all others. */
  putBack(card: BlindCard): void;
  /** The card that waits for its verdict. */
  current(): BlindCard | null;
  /** What is left, as of the last look; after the first `next`. */
  counts(): QueueCounts;
  /** How far the grader agrees with themselves, all earlier cards included. */
  agreement(): Promise<JudgeAgreement | null>;
}

export interface QueueCounts {
  /** Items that wait for a grade. */
  readonly waiting: number;
  /** Passed over because their texts are not kept, or no longer. */
  readonly withoutTexts: number;
  /** Left out because no bound could use their grades. */
  readonly outsideBounds: number;
}

export type QueueLedger = GradingLedger & Pick<Ledger, "evidence" | "gradesBy">;

/** Share of cards that the grader has answered before, to see whether they agree with themselves. */
export const REPEAT_SHARE = 0.05;

/** A card comes back only after this many others, so that it is not still in mind. */
const REPEAT_DISTANCE = 10;

/** Verdicts looked back at, newest first, of all graders together. */
const REMEMBERED_GRADES = 20_000;

const PAGE_ROWS = 1_000;

/**
 * Nothing is read before the first card is asked for.
 *
 * @param isHeld whether an item is before another grader right now, so that two who grade at the
 * same time do not grade the same
 */
export function openGradingQueue(
  ledger: QueueLedger,
  scope: GradingScope,
  grader: string,
  isHeld: (item: ItemName) => boolean = () => false,
): GradingQueue {
  return new Queue(ledger, scope, grader, isHeld);
}

class Queue implements GradingQueue {
  readonly #ledger: QueueLedger;
  readonly #scope: GradingScope;
  readonly #grader: string;
  readonly #isHeld: (item: ItemName) => boolean;
  /** Cards that were dealt or passed over; none of them is offered a second time as new. */
  readonly #passed = new Set<string>();
  #items: ItemName[] = [];
  /** Cards that the grader had answered before this queue; null before the first card. */
  #occasions: number | null = null;
  #repeated = new Set<string>();
  #dealt = 0;
  #current: BlindCard | null = null;
  #isCurrentNew = false;
  #counts: QueueCounts = { waiting: 0, withoutTexts: 0, outsideBounds: 0 };
  /** Two who ask at the same time get the same card. */
  #dealing: Promise<BlindCard | null> | null = null;

  constructor(
    ledger: QueueLedger,
    scope: GradingScope,
    grader: string,
    isHeld: (item: ItemName) => boolean,
  ) {
    this.#isHeld = isHeld;
    this.#ledger = ledger;
    this.#scope = scope;
    this.#grader = grader;
  }

  next(): Promise<BlindCard | null> {
    if (this.#current !== null) return Promise.resolve(this.#current);
    this.#dealing ??= this.#deal().finally(() => {
      this.#dealing = null;
    });
    return this.#dealing;
  }

  settle(cardId: string): void {
    if (this.#current?.cardId !== cardId) return;
    this.#current = null;
    this.#dealt += 1;
    if (!this.#isCurrentNew) return;
    this.#counts = { ...this.#counts, waiting: Math.max(0, this.#counts.waiting - 1) };
  }

  putBack(card: BlindCard): void {
    // The card that was open in the meantime comes after it.
    if (this.#current !== null && this.#isCurrentNew) {
      const { itemId, tier } = this.#current;
      this.#items.unshift({ itemId, tier });
    }
    this.#current = card;
    this.#dealt = Math.max(0, this.#dealt - 1);
    this.#isCurrentNew = !this.#repeated.has(itemKey(card));
    if (this.#isCurrentNew) {
      this.#counts = { ...this.#counts, waiting: this.#counts.waiting + 1 };
    }
  }

  current(): BlindCard | null {
    return this.#current;
  }

  counts(): QueueCounts {
    return this.#counts;
  }

  async agreement(): Promise<JudgeAgreement | null> {
    return selfAgreement((await readOwnVerdicts(this.#ledger, this.#grader)).verdicts);
  }

  async #deal(): Promise<BlindCard | null> {
    if (this.#occasions === null) {
      this.#occasions = (await readOwnVerdicts(this.#ledger, this.#grader)).occasions;
      await this.#look();
    }
    const position = this.#occasions + this.#dealt;
    const isRepeat = hashDraw(["repeat", this.#grader, String(position)]) < REPEAT_SHARE;
    const repeat = isRepeat ? await this.#drawRepeat() : null;
    this.#current = repeat ?? (await this.#drawNew());
    this.#isCurrentNew = repeat === null;
    return this.#current;
  }

  /** Reads through all that waits; also when the first few hundred are used up. */
  async #look(): Promise<void> {
    const found = await scanItems(this.#ledger, this.#scope, this.#passed);
    const { waiting, outsideBounds } = found;
    this.#items = [...found.items];
    this.#counts = { ...this.#counts, waiting, outsideBounds };
  }

  async #drawNew(): Promise<BlindCard | null> {
    for (;;) {
      if (this.#items.length === 0) await this.#look();
      const item = this.#takeItem();
      if (item === undefined) return null;
      this.#passed.add(itemKey(item));
      const evidence = await this.#evidenceOf(item);
      // Another grader may have been faster.
      if (evidence === null || !canBeGraded(evidence)) continue;
      const card = await drawCard(this.#ledger, evidence, this.#grader);
      if (card !== null) return card;
      const { waiting, withoutTexts, outsideBounds } = this.#counts;
      this.#counts = {
        waiting: Math.max(0, waiting - 1),
        withoutTexts: withoutTexts + 1,
        outsideBounds,
      };
    }
  }

  /** The first that nobody else looks at, or the first at all: better twice than never. */
  #takeItem(): ItemName | undefined {
    const free = this.#items.findIndex((item) => !this.#isHeld(item));
    return this.#items.splice(Math.max(0, free), 1)[0];
  }

  /** Null when no card is old enough. */
  async #drawRepeat(): Promise<BlindCard | null> {
    const { verdicts } = await readOwnVerdicts(this.#ledger, this.#grader);
    for (const item of repeatable(verdicts, this.#grader)) {
      if (this.#repeated.has(itemKey(item))) continue;
      this.#repeated.add(itemKey(item));
      const evidence = await this.#evidenceOf(item);
      if (evidence === null || !this.#isInScope(evidence)) continue;
      const card = await drawCard(this.#ledger, evidence, this.#grader);
      if (card !== null) return card;
    }
    return null;
  }

  #isInScope({ route, confidence }: Evidence): boolean {
    const { route: wanted, fromConfidence } = this.#scope;
    if (wanted !== null && route !== wanted) return false;
    return fromConfidence === null || (confidence ?? -1) >= fromConfidence;
  }

  async #evidenceOf({ itemId, tier }: ItemName): Promise<Evidence | null> {
    const found = await this.#ledger.evidenceOf(itemId);
    return found.find((one) => one.tier === tier) ?? null;
  }
}

async function readOwnVerdicts(
  ledger: Pick<Ledger, "gradesBy">,
  grader: string,
): Promise<OwnVerdicts> {
  const own: Grade[] = [];
  let after: string | undefined;
  let seen = 0;
  do {
    const page = await ledger.gradesBy("human", PAGE_ROWS, after);
    own.push(...page.rows.filter((grade) => grade.grader === grader));
    seen += page.rows.length;
    after = page.next ?? undefined;
  } while (after !== undefined && seen < REMEMBERED_GRADES);
  return ownVerdicts(own, grader);
}

/** Earlier cards that may come back, in random order. */
function repeatable(verdicts: readonly OwnVerdict[], grader: string): readonly OwnVerdict[] {
  const rank = ({ itemId }: OwnVerdict): string => hashOf(["again", grader, itemId]);
  return verdicts
    .slice(0, Math.max(0, verdicts.length - REPEAT_DISTANCE))
    .filter(({ outcome, repeatOutcome }) => outcome !== "cannot_tell" && repeatOutcome === null)
    .toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}
