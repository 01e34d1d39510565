import { expect, test } from "vitest";
import { withLedger } from "../../ledger/contract/ledger-place.fixture.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { gradeOrder } from "../../ledger/records/grade-order.ts";
import { makeSqlitePlace } from "../../ledger/sqlite/sqlite-place.fixture.ts";
import type { BlindCard } from "./blind-card.ts";
import { fillWithItems, itemEntries } from "./grading-items.fixture.ts";
import { openGradingQueue, REPEAT_SHARE, type GradingQueue } from "./grading-queue.ts";
import { giveVerdict } from "./grading-verdict.ts";
import { scanItems, type GradingScope } from "./scan-items.ts";

const ALL: GradingScope = { route: null, fromConfidence: null, fromMs: null, isForBounds: true };

function giveRight(ledger: Ledger, { cardId, itemId, tier, verdicts }: BlindCard, grader = "ada") {
  const verdict = verdicts.includes("both") ? ("both" as const) : ("right" as const);
  return giveVerdict(ledger, { cardId, itemId, tier, grader, verdict, note: null }, 9);
}

/** Answers cards until none is left, and says which they were. */
async function gradeAll(ledger: Ledger, queue: GradingQueue): Promise<readonly string[]> {
  const seen: string[] = [];
  for (;;) {
    const card = await queue.next();
    if (card === null) return seen;
    seen.push(card.itemId);
    await giveRight(ledger, card);
    queue.settle(card.cardId);
  }
}

test("everything is offered, in an order that has nothing to do with confidence or time", () =>
  withLedger(makeSqlitePlace, async (ledger) => {
    await fillWithItems(ledger, 40);
    const { items, waiting } = await scanItems(ledger, ALL, new Set());
    expect([items.length, waiting]).toEqual([40, 40]);
    const order = items.map(({ itemId }) => Number(itemId.slice(4)));
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    const confident = order.slice(0, 20).filter((index) => index % 2 === 0).length;
    // Of a hypergeometric number with mean 10 and deviation 1.6.
    expect(Math.abs(confident - 10)).toBeLessThan(7);
    const orders = items.map(({ itemId }) => gradeOrder(itemId));
    expect(orders).toEqual(orders.toSorted((a, b) => a - b));
  }));

test("the scope narrows, and what no bound can use is left out and counted", () =>
  withLedger(makeSqlitePlace, async (ledger) => {
    await fillWithItems(ledger, 10);
    await ledger.append([
      ...itemEntries("itm_undrawn", { propensity: null }),
      ...itemEntries("itm_session", { cluster: "session-1" }),
      ...itemEntries("itm_labelled", { cheap: { label: "wrong", human: null, judge: null } }),
      ...itemEntries("itm_silent", { cheapMissing: "null_answer" }),
      ...itemEntries("itm_elsewhere", { route: "search" }),
    ]);
    const count = async (scope: Partial<GradingScope>) => {
      const found = await scanItems(ledger, { ...ALL, ...scope }, new Set());
      return [found.waiting, found.outsideBounds];
    };
    expect(await count({})).toEqual([11, 2]);
    expect(await count({ isForBounds: false })).toEqual([13, 0]);
    expect(await count({ route: "search" })).toEqual([1, 0]);
    expect(await count({ route: "support", fromConfidence: 0.9 })).toEqual([5, 2]);
    expect(await count({ fromMs: Number.MAX_SAFE_INTEGER })).toEqual([0, 0]);
  }));

test("a card stays until it is settled, and each is dealt once", () =>
  withLedger(makeSqlitePlace, async (ledger) => {
    await fillWithItems(ledger, 8);
    const queue = openGradingQueue(ledger, ALL, "ada");
    const [one, same] = await Promise.all([queue.next(), queue.next()]);
    expect(one).toEqual(same);
    expect(queue.counts()).toMatchObject({ waiting: 8, withoutTexts: 0 });
    const seen = await gradeAll(ledger, queue);
    expect(new Set(seen).size).toBe(8);
    expect(queue.counts()).toMatchObject({ waiting: 0 });
  }));

test("what another grader looks at is left to them, unless nothing else is left", () =>
  withLedger(makeSqlitePlace, async (ledger) => {
    await fillWithItems(ledger, 2);
    const ada = openGradingQueue(ledger, ALL, "ada");
    const bob = openGradingQueue(ledger, ALL, "bob", ({ itemId }) => {
      return itemId === ada.current()?.itemId;
    });
    const [first, second] = [await ada.next(), await bob.next()];
    expect(new Set([first?.itemId, second?.itemId]).size).toBe(2);
    bob.settle(second?.cardId ?? "");
    expect((await bob.next())?.itemId).toBe(first?.itemId);
  }));

test("items without texts, or graded by another in the meantime, are passed over", () =>
  withLedger(makeSqlitePlace, async (ledger) => {
    await fillWithItems(ledger, 6);
    const queue = openGradingQueue(ledger, ALL, "ada");
    const first = await queue.next();
    const others = openGradingQueue(ledger, ALL, "bob");
    for (let turn = 0; turn < 6; turn += 1) {
      const card = await others.next();
      if (card === null) break;
      if (card.itemId !== first?.itemId) await giveRight(ledger, card, "bob");
      others.settle(card.cardId);
    }
    queue.settle(first?.cardId ?? "");
    expect(await queue.next()).toBe(null);

    await ledger.append(itemEntries("itm_late"));
    await ledger.purgeBodies(Number.MAX_SAFE_INTEGER);
    expect(await queue.next()).toBe(null);
    expect(queue.counts()).toMatchObject({ withoutTexts: 1 });
  }));

test("about one card in twenty is an earlier one, never soon, and tells of the grader alone", () =>
  withLedger(makeSqlitePlace, async (ledger) => {
    await fillWithItems(ledger, 200);
    const queue = openGradingQueue(ledger, ALL, "ada");
    const seen = await gradeAll(ledger, queue);
    const repeats = seen.flatMap((itemId, position) => {
      const first = seen.indexOf(itemId);
      return first === position ? [] : [position - first];
    });
    const expected = 200 * REPEAT_SHARE;
    expect(repeats.length).toBeGreaterThan(expected / 4);
    expect(repeats.length).toBeLessThan(expected * 2.5);
    expect(Math.min(...repeats)).toBeGreaterThan(10);
    expect(await queue.agreement()).toMatchObject({ rows: repeats.length, share: 1, kappa: null });
    const page = await ledger.evidence({ where: "disputed" }, 10);
    expect(page.rows).toEqual([]);
  }));

test("a card whose verdict was taken back comes next", () =>
  withLedger(makeSqlitePlace, async (ledger) => {
    await fillWithItems(ledger, 3);
    const queue = openGradingQueue(ledger, ALL, "ada");
    const card = await queue.next();
    if (card === null) throw new Error("there is no card");
    queue.settle(card.cardId);
    const other = await queue.next();
    expect(other?.itemId).not.toBe(card.itemId);
    queue.putBack(card);
    expect(await queue.next()).toBe(card);
    expect(queue.counts().waiting).toBe(3);
    queue.settle(card.cardId);
    expect(new Set(await gradeAll(ledger, queue))).toContain(other?.itemId);
  }));
