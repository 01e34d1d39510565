import type { EvidenceFilter, Ledger } from "../../ledger/ledger.ts";
import type { Evidence } from "../../ledger/records/evidence.ts";
import { gradeOrder } from "../../ledger/records/grade-order.ts";

/** Which items a grader is to be offered. */
export interface GradingScope {
  /** Null = of all routes. */
  readonly route: string | null;
  /** Every item from this confidence on, and no other; null = all. */
  readonly fromConfidence: number | null;
  /** Epoch milliseconds; null = from the beginning. */
  readonly fromMs: number | null;
  /**
   * Only items that a bound may use: drawn with a known probability, and of no cluster. Grades of the
   * others are shown, and prove nothing.
   */
  readonly isForBounds: boolean;
}

/** What is left to be graded, in the order in which it is offered. */
export interface ItemScan {
  /** The next ones; at most `HELD_ITEMS`. */
  readonly items: readonly ItemName[];
  /** All that are left. */
  readonly waiting: number;
  /** Left out because no bound could use their grades. */
  readonly outsideBounds: number;
}

export type ItemName = Pick<Evidence, "itemId" | "tier">;

/** Items held at one time: memory is bounded, whatever the ledger holds. */
export const HELD_ITEMS = 500;

const PAGE_ROWS = 1_000;

/**
 * Looks through everything that waits for a grade once, and keeps what comes first in the one random
 * order of grading. Its beginning is a random sample: what has been graded when somebody stops says
 * the same as the whole.
 */
export async function scanItems(
  ledger: Pick<Ledger, "evidence">,
  scope: GradingScope,
  passed: ReadonlySet<string>,
): Promise<ItemScan> {
  const filter = filterOf(scope);
  let held: { readonly order: number; readonly item: ItemName }[] = [];
  let waiting = 0;
  let outsideBounds = 0;
  let after: string | undefined;
  do {
    const page = await ledger.evidence(filter, PAGE_ROWS, after);
    for (const evidence of page.rows) {
      if (!canBeGraded(evidence) || passed.has(itemKey(evidence))) continue;
      if (scope.isForBounds && !isForBounds(evidence)) {
        outsideBounds += 1;
        continue;
      }
      waiting += 1;
      const { itemId, tier } = evidence;
      held.push({ order: gradeOrder(itemId), item: { itemId, tier } });
    }
    held = held.toSorted((a, b) => a.order - b.order).slice(0, HELD_ITEMS);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return { items: held.map(({ item }) => item), waiting, outsideBounds };
}

export function itemKey({ itemId, tier }: ItemName): string {
  return `${itemId} ${tier}`;
}

/** Whether there is a cheap answer of which nobody who knows has said anything yet. */
export function canBeGraded({ cheapMissing, cheap }: Evidence): boolean {
  return cheapMissing === null && cheap.label === null && cheap.human === null;
}

function isForBounds({ propensity, cluster }: Evidence): boolean {
  return propensity !== null && cluster === null;
}

function filterOf({ route, fromConfidence, fromMs }: GradingScope): EvidenceFilter {
  return {
    lacks: "human",
    ...(route === null ? {} : { route }),
    ...(fromConfidence === null ? {} : { fromConfidence }),
    ...(fromMs === null ? {} : { fromMs }),
  };
}
