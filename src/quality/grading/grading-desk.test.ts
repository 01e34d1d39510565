import { expect, test } from "vitest";
import { withLedger } from "../../ledger/contract/ledger-place.fixture.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Evidence } from "../../ledger/records/evidence.ts";
import { makeSqlitePlace } from "../../ledger/sqlite/sqlite-place.fixture.ts";
import type { BlindCard } from "./blind-card.ts";
import { openGradingDesk } from "./grading-desk.ts";
import { itemEntries } from "./grading-items.fixture.ts";
import type { GradingScope } from "./scan-items.ts";

const ALL: GradingScope = { route: null, fromConfidence: null, fromMs: null, isForBounds: true };

function deskOf(ledger: Ledger, scope: Partial<GradingScope> = {}) {
  return openGradingDesk(ledger, { ...ALL, ...scope }, "ada", { nowMs: () => 5 });
}

async function mustDeal(desk: ReturnType<typeof deskOf>): Promise<BlindCard> {
  const card = await desk.next();
  if (card === null) throw new Error("there is no card");
  return card;
}

test("a slip is taken back: the card comes again, with an order of its own", () =>
  withLedger(makeSqlitePlace, async (ledger) => {
    await ledger.append([...itemEntries("itm_1"), ...itemEntries("itm_2")]);
    const desk = deskOf(ledger);
    const card = await mustDeal(desk);
    const { cardId, itemId, tier } = card;
    const given = { cardId, itemId, tier, note: "slip" };
    expect(await desk.give({ ...given, verdict: "right" })).toMatchObject({
      problem: "verdict_unfit",
    });
    expect((await mustDeal(desk)).cardId).toBe(cardId);
    expect(await desk.give({ ...given, verdict: "neither" })).toMatchObject({ ok: true });
    expect((await mustDeal(desk)).itemId).not.toBe(itemId);
    expect(await desk.undo({ itemId, tier })).toMatchObject({ ok: true, value: { itemId } });
    const again = await mustDeal(desk);
    expect([again.itemId, again.cardId === cardId]).toEqual([itemId, false]);
    expect((await ledger.grades(itemId)).map((grade) => grade.retractedAtMs)).toEqual([5, 5]);
    expect(desk.counts().waiting).toBe(2);
  }));

interface EmptyCase {
  readonly scope?: Partial<GradingScope>;
  /** Null = no item at all. */
  readonly changes?: Partial<Evidence> | null;
  readonly isPurged?: boolean;
}

test.each<[reason: string, EmptyCase]>([
  ["no_evidence", { changes: null }],
  ["no_evidence", { changes: { cheapMissing: "refused" } }],
  ["outside_bounds", { changes: { propensity: null } }],
  ["outside_bounds", { changes: { cluster: "session-1" } }],
  ["out_of_scope", { scope: { fromConfidence: 0.95 } }],
  ["all_graded", { changes: { cheap: { label: "right", human: null, judge: null } } }],
  ["texts_missing", { isPurged: true }],
])("without a card it says why: %s, %j", (reason, { scope, changes = {}, isPurged = false }) =>
  withLedger(makeSqlitePlace, async (ledger) => {
    if (changes !== null) await ledger.append(itemEntries("itm_1", changes));
    if (isPurged) await ledger.purgeBodies(Number.MAX_SAFE_INTEGER);
    const desk = deskOf(ledger, scope);
    expect(await desk.next()).toBe(null);
    expect(await desk.whyNothing()).toMatchObject({ reason });
  }),
);
