import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LedgerEntry } from "../ledger.ts";
import { candidateTier } from "../records/candidate-tier.ts";
import type { Evidence, Grade } from "../records/evidence.ts";
import {
  anyEvidence,
  evidenceEntry,
  evidenceOf,
  gradeEntry,
  gradeOf,
  recount,
  rolledUp,
} from "./evidence.fixture.ts";
import { withLedger } from "./ledger-place.fixture.ts";
import type { MakePlace } from "./ledger-place.fixture.ts";
import { START_MS, attemptOf, recordOf, requestEntry } from "./records.fixture.ts";

/** What items teach, what graders say of them, and the roll-ups of both. */
export function describeEvidence(makePlace: MakePlace): void {
  test("every field of every item comes back as it was", () =>
    withLedger(makePlace, async (ledger) => {
      let count = 0;
      await fc.assert(
        fc.asyncProperty(anyEvidence("item"), async (drawn) => {
          const evidence = { ...drawn, itemId: `item_${String(count++)}` };
          await ledger.append([evidenceEntry(evidence)]);
          expect(await ledger.evidenceOf(evidence.itemId)).toEqual([evidence]);
        }),
        { numRuns: 80 },
      );
      expect(await rolledUp(ledger)).toEqual(await recount(ledger));
    }));

  test("facts are replaced, what graders said stays", () =>
    withLedger(makePlace, async (ledger) => {
      await ledger.append([
        evidenceEntry(evidenceOf("item_1", { deepMissing: "pending" })),
        gradeEntry(gradeOf("grade_1", "item_1", { outcome: "wrong" })),
      ]);
      const whole = evidenceOf("item_1", { confidence: 0.7 });
      await ledger.append([evidenceEntry(whole)]);
      expect(await ledger.evidenceOf("item_1")).toEqual([
        { ...whole, cheap: { ...whole.cheap, human: "wrong" } },
      ]);
      expect(await rolledUp(ledger)).toEqual(await recount(ledger));
    }));

  test("facts that are only for a missing item leave a known one as it is", () =>
    withLedger(makePlace, async (ledger) => {
      const known = evidenceOf("item_1", { propensity: 0.1 });
      await ledger.append([evidenceEntry(known)]);
      for (const itemId of ["item_1", "item_2"]) {
        const evidence = evidenceOf(itemId, { propensity: null });
        await ledger.append([
          { kind: "evidence", evidence, onlyIfMissing: true },
          gradeEntry(gradeOf(`grade_${itemId}`, itemId, { outcome: "wrong" })),
        ]);
      }
      const [kept] = await ledger.evidenceOf("item_1");
      const [added] = await ledger.evidenceOf("item_2");
      expect([kept?.propensity, kept?.cheap.human]).toEqual([0.1, "wrong"]);
      expect([added?.propensity, added?.cheap.human]).toEqual([null, "wrong"]);
      expect(await rolledUp(ledger)).toEqual(await recount(ledger));
    }));

  test("items are found by how their id begins", () =>
    withLedger(makePlace, async (ledger) => {
      const ids = ["itm_a", "itm_a1", "itm_a\u{10FFFE}", "itm_b", "itm", "ITM_A"];
      await ledger.append(ids.map((id) => evidenceEntry(evidenceOf(id))));
      const { rows } = await ledger.evidence({ itemIdPrefix: "itm_a" }, 10);
      expect(rows.map(({ itemId }) => itemId)).toEqual(["itm_a\u{10FFFE}", "itm_a1", "itm_a"]);
      const page = await ledger.evidence({ itemIdPrefix: "itm_a" }, 2);
      const rest = await ledger.evidence({ itemIdPrefix: "itm_a" }, 2, page.next ?? "");
      expect(rest.rows.map(({ itemId }) => itemId)).toEqual(["itm_a"]);
      expect((await ledger.evidence({ itemIdPrefix: "itm_c" }, 10)).rows).toEqual([]);
    }));

  test("a grade without its item is refused, and nothing of its append is kept", () =>
    withLedger(makePlace, async (ledger) => {
      const append = ledger.append([
        evidenceEntry(evidenceOf("item_1")),
        gradeEntry(gradeOf("grade_1", "item_2")),
      ]);
      await expect(append).rejects.toMatchObject({ code: "ledger_failed" });
      expect(await ledger.evidenceOf("item_1")).toEqual([]);
    }));

  test("what candidates teach is told apart from what tiers do, and counted apart", () =>
    withLedger(makePlace, async (ledger) => {
      const tier = evidenceOf("item_1", { decision: "escalated", propensity: 0.05 });
      const candidate = evidenceOf("item_1", { tier: candidateTier(1), confidence: 0.7 });
      const other = evidenceOf("item_2", { tier: candidateTier(0), cluster: "c" });
      await ledger.append([tier, candidate, other].map(evidenceEntry));
      const verdict = { tier: candidateTier(1), outcome: "wrong" } as const;
      await ledger.append([
        gradeEntry(gradeOf("grade_1", "item_1", verdict)),
        gradeEntry(gradeOf("grade_2", "item_1", { tier: 1, outcome: "right" })),
      ]);
      const right = { ...tier.deep, human: "right" } as const;
      const graded = { ...candidate, cheap: { ...candidate.cheap, human: "wrong" }, deep: right };
      expect(await ledger.evidenceOf("item_1")).toEqual([{ ...tier, deep: right }]);
      expect(await ledger.evidenceOf("item_1", "candidates")).toEqual([graded]);
      expect((await ledger.evidence({}, 10)).rows).toEqual([{ ...tier, deep: right }]);
      expect((await ledger.evidence({ of: "candidates" }, 10)).rows).toEqual([other, graded]);
      const clustered = await ledger.evidence({ of: "candidates", isClustered: true }, 10);
      expect(clustered.rows).toEqual([other]);
      const tiersOf = async (of: "tiers" | "candidates"): Promise<readonly number[]> =>
        (await ledger.evidenceCounts({ of })).map(({ key }) => key.tier).toSorted((a, b) => a - b);
      expect(await tiersOf("tiers")).toEqual([0]);
      expect(await ledger.evidenceCounts({})).toHaveLength(1);
      expect(await tiersOf("candidates")).toEqual([candidateTier(0), candidateTier(1)]);
    }));

  test("any writes in any order: the roll-up is what a recount gives", () =>
    fc.assert(
      fc.asyncProperty(fc.array(anyWrite(), { maxLength: 30 }), (writes) =>
        withLedger(makePlace, async (ledger) => {
          const items = ["item_0", "item_1", "item_2"].map((id) => evidenceEntry(evidenceOf(id)));
          await ledger.append(items);
          for (const write of writes) await ledger.append([write]);
          expect(await rolledUp(ledger)).toEqual(await recount(ledger));
        }),
      ),
      { numRuns: 15 },
    ));

  describe("outcomes", () => {
    test.each<[string, readonly Partial<Grade>[], Partial<Evidence>]>([
      ["one verdict", [{ outcome: "right" }], { cheap: outcomes("right") }],
      [
        "two that agree",
        [{ outcome: "wrong" }, { outcome: "wrong" }],
        { cheap: outcomes("wrong") },
      ],
      [
        "two that do not",
        [{ outcome: "wrong" }, { outcome: "right" }],
        { cheap: outcomes("disputed") },
      ],
      ["one that cannot tell", [{ outcome: "cannot_tell" }], { cheap: outcomes("cannot_tell") }],
      [
        "one that can after one that cannot tell",
        [{ outcome: "cannot_tell" }, { outcome: "wrong", grader: "bob" }],
        { cheap: outcomes("wrong") },
      ],
      ["a repeat", [{ outcome: "wrong", isRepeat: true }], {}],
      ["of the deep answer", [{ tier: 1, outcome: "wrong" }], { deep: outcomes("wrong") }],
      ["that answers differ", [{ by: "agreement", outcome: "differs" }], { differs: true }],
      ["that they are the same", [{ by: "agreement", outcome: "same" }], { differs: false }],
    ])("%s", (_, grades, expected) =>
      withLedger(makePlace, async (ledger) => {
        const item = evidenceOf("item_1");
        const entries = grades.map((changes, index) =>
          gradeEntry(gradeOf(`grade_${String(index)}`, "item_1", changes)),
        );
        await ledger.append([evidenceEntry(item), ...entries]);
        // An acknowledgement may be lost: the same entries once more.
        await ledger.append(entries);
        expect(await ledger.evidenceOf("item_1")).toEqual([{ ...item, ...expected }]);
        expect(await ledger.grades("item_1")).toHaveLength(grades.length);
      }),
    );

    test("a verdict that is taken back leaves what others said, and what the item came with", () =>
      withLedger(makePlace, async (ledger) => {
        const item = evidenceOf("item_1", { cheap: { label: "right", human: null, judge: null } });
        await ledger.append([
          evidenceEntry(item),
          gradeEntry(gradeOf("by_ada", "item_1", { outcome: "wrong" })),
          gradeEntry(gradeOf("by_bob", "item_1", { outcome: "right", grader: "bob" })),
          gradeEntry(gradeOf("label", "item_1", { by: "label", outcome: "wrong" })),
        ]);
        const cheap = async (): Promise<unknown> => (await ledger.evidenceOf("item_1"))[0]?.cheap;
        expect(await cheap()).toEqual({ label: "disputed", human: "disputed", judge: null });
        await ledger.append([
          { kind: "retraction", gradeId: "by_ada", atMs: START_MS + 5 },
          { kind: "retraction", gradeId: "label", atMs: START_MS + 5 },
          { kind: "retraction", gradeId: "nobody", atMs: START_MS + 5 },
        ]);
        expect(await cheap()).toEqual({ label: "right", human: "right", judge: null });
        const grades = await ledger.grades("item_1");
        expect(grades.map(({ id, retractedAtMs }) => [id, retractedAtMs])).toEqual([
          ["by_ada", START_MS + 5],
          ["by_bob", null],
          ["label", START_MS + 5],
        ]);
        expect(await rolledUp(ledger)).toEqual(await recount(ledger));
      }));
  });

  test("pages hold what the filter asks for, in the order it asks for", () =>
    withLedger(makePlace, async (ledger) => {
      const at = (ms: number): Partial<Evidence> => ({ createdAtMs: START_MS + ms });
      await ledger.append([
        evidenceEntry(evidenceOf("a", { ...at(1), confidence: 0.5, cheap: outcomes("wrong") })),
        evidenceEntry(
          evidenceOf("b", { ...at(2), confidence: null, cluster: "c", task: "refund" }),
        ),
        evidenceEntry(evidenceOf("c", { ...at(3), confidence: 0.9, differs: true })),
        evidenceEntry(evidenceOf("d", { ...at(4), confidence: 0.9, route: "search" })),
        evidenceEntry(evidenceOf("e", { ...at(5), inputClasses: ["has:code"], confidence: 1 })),
        gradeEntry(gradeOf("grade_1", "e", { outcome: "cannot_tell" })),
      ]);
      const ids = async (filter: Parameters<typeof ledger.evidence>[0]): Promise<string> =>
        (await ledger.evidence(filter, 10)).rows.map(({ itemId }) => itemId).join("");
      expect(await ids({})).toBe("edcba");
      expect(await ids({ order: "confidence" })).toBe("edcab");
      expect(await ids({ route: "search" })).toBe("d");
      expect(await ids({ task: "refund" })).toBe("b");
      expect(await ids({ isClustered: false })).toBe("edca");
      expect(await ids({ where: "wrong" })).toBe("a");
      expect(await ids({ where: "differs" })).toBe("c");
      expect(await ids({ lacks: "human" })).toBe("dcb");
      expect(await ids({ inputClass: "has:code" })).toBe("e");
      expect(await ids({ fromConfidence: 0.9 })).toBe("edc");
      expect(await ids({ fromMs: START_MS + 2, toMs: START_MS + 4 })).toBe("cb");

      let after: string | undefined;
      let walked = "";
      do {
        const page = await ledger.evidence({ order: "confidence" }, 1, after);
        walked += page.rows[0]?.itemId ?? "";
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect(walked).toBe("edcab");
    }));

  test("each triage counts once, late ones included", () =>
    withLedger(makePlace, async (ledger) => {
      const triage = attemptOf(1, { role: "shadow_triage", confidence: 0.7, costNanoUsd: null });
      const late: LedgerEntry = { kind: "attempt", requestId: "req_2", attempt: triage };
      await ledger.append([requestEntry(recordOf("req_1")), requestEntry(recordOf("req_2"))]);
      await ledger.append([requestEntry(recordOf("req_1")), late, late]);
      const counts = await ledger.triageCounts({});
      expect(counts.map(({ role, confidence, triages }) => [role, confidence, triages])).toEqual(
        expect.arrayContaining([
          ["triage", 0.93, 2],
          ["shadow_triage", 0.7, 1],
        ]),
      );
      expect(counts).toHaveLength(2);
      const sums = counts.map(({ pricedTriages, costNanoUsd }) => [pricedTriages, costNanoUsd]);
      expect(sums).toEqual(
        expect.arrayContaining([
          [2, 3_144_000n],
          [0, 0n],
        ]),
      );
    }));
}

function outcomes(human: Evidence["cheap"]["human"]): Evidence["cheap"] {
  return { label: null, human, judge: null };
}

/** Writes about three items, with few ids, so that they meet. */
function anyWrite(): fc.Arbitrary<LedgerEntry> {
  const itemId = fc.constantFrom("item_0", "item_1", "item_2");
  const gradeId = fc.constantFrom("g0", "g1", "g2", "g3", "g4");
  const grade = fc
    .record({
      id: gradeId,
      itemId,
      tier: fc.constantFrom(0, 1),
      by: fc.constantFrom("label", "human", "judge"),
      outcome: fc.constantFrom("right", "wrong", "cannot_tell"),
      isRepeat: fc.boolean(),
    })
    .map(({ id, itemId: item, ...changes }) => gradeEntry(gradeOf(id, item, changes)));
  return fc.oneof(
    itemId.chain(anyEvidence).map((evidence) => evidenceEntry({ ...evidence, deepTier: 1 })),
    grade,
    gradeId.map((id): LedgerEntry => ({ kind: "retraction", gradeId: id, atMs: START_MS })),
  );
}
