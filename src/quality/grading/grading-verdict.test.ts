import { expect, test } from "vitest";
import { withLedger } from "../../ledger/contract/ledger-place.fixture.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { makeSqlitePlace } from "../../ledger/sqlite/sqlite-place.fixture.ts";
import type { BlindCard, CardVerdict } from "./blind-card.ts";
import { itemEntries } from "./grading-items.fixture.ts";
import { drawCard, giveVerdict, undoVerdict } from "./grading-verdict.ts";

async function cardOf(ledger: Ledger, grader = "ada"): Promise<BlindCard> {
  const [evidence] = await ledger.evidenceOf("itm_1");
  const card = evidence === undefined ? null : await drawCard(ledger, evidence, grader);
  if (card === null) throw new Error("there is no card");
  return card;
}

async function give(ledger: Ledger, card: BlindCard, verdict: CardVerdict, grader = "ada") {
  const { cardId, itemId, tier } = card;
  return giveVerdict(ledger, { cardId, itemId, tier, grader, verdict, note: null }, 5);
}

const onlyCheap = ({ answers }: BlindCard): CardVerdict =>
  answers[0]?.startsWith("cheap") === true ? "first" : "second";

test("a verdict becomes a grade of each side, and only then the authors are told", () =>
  withLedger(makeSqlitePlace, async (ledger) => {
    await ledger.append(itemEntries("itm_1"));
    const card = await cardOf(ledger);
    const revealed = await give(ledger, card, onlyCheap(card));
    expect(revealed).toMatchObject({
      ok: true,
      value: { decision: "imported", threshold: null, earlierOutcome: null },
    });
    const answers = revealed.ok ? revealed.value.answers : [];
    const cheap = { side: "cheap", model: "claude-haiku-4-5", confidence: 0.9, wasGiven: null };
    expect(answers.find(({ outcome }) => outcome === "right")?.authors).toMatchObject([cheap]);
    expect(answers.find(({ outcome }) => outcome === "wrong")?.authors).toMatchObject([
      { side: "deep", model: "claude-opus-4-7", confidence: null },
    ]);
    expect(await ledger.evidenceOf("itm_1")).toMatchObject([
      { cheap: { human: "right" }, deep: { human: "wrong" } },
    ]);
    expect(await ledger.grades("itm_1")).toMatchObject([
      { tier: 0, by: "human", grader: "ada", isRepeat: false, createdAtMs: 5 },
      { tier: 1, by: "human", grader: "ada", isRepeat: false },
    ]);
  }));

test("the same verdict again adds nothing, another one is refused until the first is taken back", () =>
  withLedger(makeSqlitePlace, async (ledger) => {
    await ledger.append(itemEntries("itm_1"));
    const card = await cardOf(ledger);
    const first = await give(ledger, card, "both");
    expect(await give(ledger, card, "both")).toEqual(first);
    expect(await give(ledger, card, "neither")).toEqual({ ok: false, problem: "already_answered" });
    expect(await ledger.grades("itm_1")).toHaveLength(2);
    const undone = await undoVerdict(ledger, { ...card, grader: "ada" }, 7);
    expect(undone).toMatchObject({ ok: true, value: { itemId: "itm_1" } });
    expect(await ledger.evidenceOf("itm_1")).toMatchObject([{ cheap: { human: null } }]);
    expect(await give(ledger, card, "both")).toEqual({ ok: false, problem: "already_answered" });
    const again = await cardOf(ledger);
    expect(again.cardId).not.toBe(card.cardId);
    expect((await give(ledger, again, "neither")).ok).toBe(true);
    expect(await ledger.evidenceOf("itm_1")).toMatchObject([{ cheap: { human: "wrong" } }]);
    expect((await ledger.grades("itm_1")).map(({ isRepeat }) => isRepeat)).not.toContain(true);
    expect(await undoVerdict(ledger, { ...card, grader: "bob" }, 8)).toEqual({
      ok: false,
      problem: "nothing_to_undo",
    });
  }));

test("a grader's second verdict on an item is a repeat, and is folded into nothing", () =>
  withLedger(makeSqlitePlace, async (ledger) => {
    await ledger.append(itemEntries("itm_1"));
    await give(ledger, await cardOf(ledger), "both");
    const repeat = await cardOf(ledger);
    expect(await give(ledger, repeat, "neither")).toMatchObject({
      value: { earlierOutcome: "right" },
    });
    expect(await give(ledger, repeat, "neither")).toMatchObject({
      value: { earlierOutcome: "right" },
    });
    expect(await ledger.evidenceOf("itm_1")).toMatchObject([{ cheap: { human: "right" } }]);
    expect((await ledger.grades("itm_1")).map(({ isRepeat }) => isRepeat)).toEqual([
      ...[false, false],
      ...[true, true],
    ]);
    // Another person's verdict is none of ada's: it counts, and disputes.
    await give(ledger, await cardOf(ledger, "bob"), "neither", "bob");
    expect(await ledger.evidenceOf("itm_1")).toMatchObject([{ cheap: { human: "disputed" } }]);
  }));

test("an answer that both gave is graded once for both; who cannot tell has looked", () =>
  withLedger(makeSqlitePlace, async (ledger) => {
    await ledger.append(itemEntries("itm_1", {}, { cheap: "same", deep: "same" }));
    const card = await cardOf(ledger);
    expect(card.answers).toEqual(["same"]);
    expect(await give(ledger, card, "both")).toEqual({ ok: false, problem: "verdict_unfit" });
    await give(ledger, card, "right");
    expect(await ledger.evidenceOf("itm_1")).toMatchObject([
      { cheap: { human: "right" }, deep: { human: "right" } },
    ]);
    await ledger.append(itemEntries("itm_2", {}, { deep: null }));
    const [other] = await ledger.evidenceOf("itm_2");
    const single = other === undefined ? null : await drawCard(ledger, other, "ada");
    if (single === null) throw new Error("there is no card");
    await give(ledger, single, "cannot_tell");
    expect(await ledger.grades("itm_2")).toMatchObject([{ tier: 0, outcome: "cannot_tell" }]);
    expect(await ledger.evidenceOf("itm_2")).toMatchObject([{ cheap: { human: "cannot_tell" } }]);
  }));

test("a card of somebody else, of nowhere, or without its texts is refused", () =>
  withLedger(makeSqlitePlace, async (ledger) => {
    await ledger.append(itemEntries("itm_1"));
    const card = await cardOf(ledger);
    expect(await give(ledger, card, "both", "bob")).toEqual({
      ok: false,
      problem: "card_outdated",
    });
    expect(await give(ledger, { ...card, itemId: "itm_2" }, "both")).toEqual({
      ok: false,
      problem: "unknown_item",
    });
    await ledger.purgeBodies(Number.MAX_SAFE_INTEGER);
    expect(await give(ledger, card, "both")).toEqual({ ok: false, problem: "no_texts" });
    expect(await ledger.grades("itm_1")).toEqual([]);
  }));
