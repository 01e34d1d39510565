import type { ImportedItem, Ledger } from "../../ledger/ledger.ts";
import type { Evidence, Grade } from "../../ledger/records/evidence.ts";

export interface FakeImportLedger extends Pick<Ledger, "importItems" | "evidenceOf" | "append"> {
  /** By item and tier, in the order of coming. */
  readonly items: ReadonlyMap<string, ImportedItem>;
  readonly grades: readonly Grade[];
}

/** The part of a ledger that an import needs, in memory. */
export function createFakeImportLedger(): FakeImportLedger {
  const items = new Map<string, ImportedItem>();
  const grades = new Map<string, Grade>();
  return {
    items,
    get grades() {
      return [...grades.values()];
    },
    importItems: async (batches) => {
      const fresh = new Map<string, ImportedItem>();
      let known = 0;
      for await (const batch of batches) {
        for (const item of batch) {
          const key = keyOf(item.evidence);
          if (items.has(key) || fresh.has(key)) known += 1;
          else fresh.set(key, item);
        }
      }
      for (const [key, item] of fresh) items.set(key, item);
      return { added: fresh.size, known };
    },
    evidenceOf: async (itemId) =>
      [...items.values()].map(({ evidence }) => evidence).filter((one) => one.itemId === itemId),
    append: async (entries) => {
      for (const entry of entries) {
        if (entry.kind === "grade") grades.set(entry.grade.id, entry.grade);
      }
    },
  };
}

function keyOf({ itemId, tier }: Evidence): string {
  return `${itemId}/${tier}`;
}
