import type { Ledger } from "../../ledger/ledger.ts";
import type { JudgeAgreement } from "../../statistics/judge-agreement.ts";
import type { Clock } from "../../support/clock.ts";
import type { Result } from "../../support/result.ts";
import type { BlindCard } from "./blind-card.ts";
import { openGradingQueue, type QueueCounts, type QueueLedger } from "./grading-queue.ts";
import {
  giveVerdict,
  undoVerdict,
  type GivenVerdict,
  type GradingProblem,
  type Reveal,
} from "./grading-verdict.ts";
import { nothingToGrade, type NothingToGrade } from "./nothing-to-grade.ts";
import type { GradingScope, ItemName } from "./scan-items.ts";

/** Where one grader sits: deals cards, takes verdicts, tells who it was only afterwards. */
export interface GradingDesk {
  /** The same card until it has a verdict; null when nothing is left. */
  next(): Promise<BlindCard | null>;
  give(verdict: Omit<GivenVerdict, "grader">): Promise<Result<Reveal, GradingProblem>>;
  /** Says that this card was answered elsewhere. */
  settle(cardId: string): void;
  /** Takes the latest verdict on this item back; its card comes next. */
  undo(item: ItemName): Promise<Result<BlindCard, GradingProblem>>;
  /** The card that waits for its verdict. */
  current(): BlindCard | null;
  /** What is left; after the first `next`. */
  counts(): QueueCounts;
  /** How far the grader agrees with themselves on cards that were asked twice; null = none was. */
  agreement(): Promise<JudgeAgreement | null>;
  /** Why `next` gave none. */
  whyNothing(): Promise<NothingToGrade>;
}

export type DeskLedger = QueueLedger & Pick<Ledger, "evidenceCounts">;

/** @param isHeld whether an item is before another grader right now; default never */
export function openGradingDesk(
  ledger: DeskLedger,
  scope: GradingScope,
  grader: string,
  clock: Pick<Clock, "nowMs">,
  isHeld?: (item: ItemName) => boolean,
): GradingDesk {
  const queue = openGradingQueue(ledger, scope, grader, isHeld);
  return {
    next: () => queue.next(),
    give: async (given) => {
      const result = await giveVerdict(ledger, { ...given, grader }, clock.nowMs());
      // A card that takes no verdict any more must not stand in the way of the others.
      if (result.ok || result.problem !== "verdict_unfit") queue.settle(given.cardId);
      return result;
    },
    settle: (cardId) => {
      queue.settle(cardId);
    },
    undo: async (item) => {
      const result = await undoVerdict(ledger, { ...item, grader }, clock.nowMs());
      if (result.ok) queue.putBack(result.value);
      return result;
    },
    current: () => queue.current(),
    counts: () => queue.counts(),
    agreement: () => queue.agreement(),
    whyNothing: async () => {
      const { route } = scope;
      const counts = await ledger.evidenceCounts(route === null ? {} : { route });
      return nothingToGrade(counts, queue.counts(), scope);
    },
  };
}
