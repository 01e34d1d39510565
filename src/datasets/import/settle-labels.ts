import { hash } from "node:crypto";
import type { ImportedItem, Ledger, LedgerEntry } from "../../ledger/ledger.ts";
import type { Evidence, Grade, Outcome } from "../../ledger/records/evidence.ts";

/** Grades written at one time. */
const BATCH_GRADES = 500;

/**
 * Brings the labels of rows to items that were in the ledger before them: where an item has none, it
 * gets it; where it has another, both stand and the item is disputed.
 */
export async function settleLabels(
  ledger: Pick<Ledger, "evidenceOf" | "append">,
  batches: AsyncIterable<readonly ImportedItem[]>,
  nowMs: number,
): Promise<{ readonly added: number; readonly disputed: number }> {
  const counts = { added: 0, disputed: 0 };
  // What was given so far: a file may say the same twice, or contradict itself.
  const given = new Map<string, Outcome>();
  let entries: LedgerEntry[] = [];
  for await (const batch of batches) {
    for (const { evidence } of batch) {
      if (evidence.cheap.label === null && evidence.deep.label === null) continue;
      const stored = await ledger.evidenceOf(evidence.itemId);
      const known = stored.find(({ tier }) => tier === evidence.tier);
      if (known === undefined) continue;
      for (const side of ["cheap", "deep"] as const) {
        const key = `${evidence.itemId}/${evidence.tier}/${side}`;
        const stands = given.get(key) ?? known[side].label;
        const grade = labelGrade(evidence, stands, side, nowMs);
        if (grade === null) continue;
        entries.push({ kind: "grade", grade });
        if (stands === null) counts.added += 1;
        else counts.disputed += 1;
        given.set(key, stands === null ? grade.outcome : "disputed");
      }
    }
    if (entries.length < BATCH_GRADES) continue;
    await ledger.append(entries);
    entries = [];
  }
  if (entries.length > 0) await ledger.append(entries);
  return counts;
}

/** @returns null when the item says the same already */
function labelGrade(
  row: Evidence,
  stands: Outcome | null,
  side: "cheap" | "deep",
  nowMs: number,
): (Grade & { readonly outcome: "right" | "wrong" }) | null {
  const { label } = row[side];
  if (
    label === null ||
    label === "disputed" ||
    label === "cannot_tell" ||
    stands === label ||
    stands === "disputed"
  ) {
    return null;
  }
  const tier = side === "cheap" ? row.tier : row.deepTier;
  const grader = `import:${row.dataset ?? ""}`;
  const id = hash("sha256", [row.itemId, tier, label, grader].join("\u0000")).slice(0, 32);
  return {
    id: `grd_${id}`,
    itemId: row.itemId,
    tier,
    by: "label",
    outcome: label,
    grader,
    createdAtMs: nowMs,
    isRepeat: false,
    note: null,
    retractedAtMs: null,
  };
}
