import { expect, test } from "vitest";
import type { ImportedItem, Ledger } from "../ledger.ts";
import type { Evidence } from "../records/evidence.ts";
import {
  evidenceEntry,
  evidenceOf,
  gradeEntry,
  gradeOf,
  recount,
  rolledUp,
} from "./evidence.fixture.ts";
import { withLedger } from "./ledger-place.fixture.ts";
import type { MakePlace } from "./ledger-place.fixture.ts";

/** Data sets: whole or not at all, and nothing twice. */
export function describeImports(makePlace: MakePlace): void {
  test("items and their texts come in, in batches of any size", () =>
    withLedger(makePlace, async (ledger) => {
      const items = [item("a"), item("b", { confidence: null }), item("c", { cluster: "session" })];
      expect(await importAll(ledger, [items.slice(0, 2), [], items.slice(2)])).toEqual({
        added: 3,
        known: 0,
      });
      expect(await ledger.evidenceOf("b")).toEqual([items[1]?.evidence]);
      expect(await ledger.body("c", "request")).toEqual(new TextEncoder().encode("request of c"));
      expect(await rolledUp(ledger)).toEqual(await recount(ledger));
    }));

  test("what is there already stays as it is, from whichever file or append", () =>
    withLedger(makePlace, async (ledger) => {
      const known = evidenceOf("a", { confidence: 0.5 });
      await ledger.append([
        evidenceEntry(known),
        gradeEntry(gradeOf("grade_1", "a", { outcome: "wrong" })),
      ]);
      expect(await importAll(ledger, [[item("a"), item("b")], [item("b")]])).toEqual({
        added: 1,
        known: 2,
      });
      expect(await importAll(ledger, [[item("b")]])).toEqual({ added: 0, known: 1 });
      const [kept] = await ledger.evidenceOf("a");
      expect(kept).toEqual({ ...known, cheap: { ...known.cheap, human: "wrong" } });
      expect(await ledger.body("a", "request")).toBeNull();
      expect(await rolledUp(ledger)).toEqual(await recount(ledger));
    }));

  test("a source that fails on the way leaves nothing behind", () =>
    withLedger(makePlace, async (ledger) => {
      const failing = async function* (): AsyncGenerator<readonly ImportedItem[]> {
        yield [item("a")];
        await Promise.resolve();
        throw new Error("the disk was pulled out");
      };
      await expect(ledger.importItems(failing())).rejects.toThrow("the disk was pulled out");
      expect(await ledger.evidence({}, 10)).toEqual({ rows: [], next: null });
      expect(await ledger.evidenceCounts({})).toEqual([]);
      expect(await importAll(ledger, [[item("a")]])).toEqual({ added: 1, known: 0 });
    }));

  test("others go on writing while an import is on its way", () =>
    withLedger(makePlace, async (ledger) => {
      const slow = async function* (): AsyncGenerator<readonly ImportedItem[]> {
        yield [item("a")];
        await ledger.append([evidenceEntry(evidenceOf("meanwhile"))]);
        yield [item("b")];
      };
      expect(await ledger.importItems(slow())).toEqual({ added: 2, known: 0 });
      expect((await ledger.evidence({}, 10)).rows).toHaveLength(3);
      expect(await rolledUp(ledger)).toEqual(await recount(ledger));
    }));
}

function item(itemId: string, changes: Partial<Evidence> = {}): ImportedItem {
  const evidence = evidenceOf(itemId, {
    source: "import",
    dataset: "set",
    decision: "imported",
    cheap: { label: "right", human: null, judge: null },
    ...changes,
  });
  const bytes = new TextEncoder().encode(`request of ${itemId}`);
  return { evidence, bodies: [{ requestId: itemId, part: "request", bytes }] };
}

async function importAll(
  ledger: Ledger,
  batches: readonly (readonly ImportedItem[])[],
): Promise<unknown> {
  const source = async function* (): AsyncGenerator<readonly ImportedItem[]> {
    for (const batch of batches) {
      await Promise.resolve();
      yield batch;
    }
  };
  return ledger.importItems(source());
}
