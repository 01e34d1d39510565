import { hash } from "node:crypto";
import type { Ledger, LedgerEntry } from "../../ledger/ledger.ts";
import { isCandidateTier } from "../../ledger/records/candidate-tier.ts";
import type { Evidence, Grade, Outcome } from "../../ledger/records/evidence.ts";
import { failure, success, type Result } from "../../support/result.ts";
import { evidenceOfRecord, noAnswer } from "./evidence-of-record.ts";
import type { Label, LabelProblem } from "./label.ts";

/** What a label needs to see of a ledger. */
export type LabelLedger = Pick<
  Ledger,
  "evidenceOf" | "grades" | "request" | "pair" | "routeVersion"
>;

/** A label with its place found. Nothing is written yet. */
export interface PlacedLabel {
  /** To be appended together; empty when the same was said before. */
  readonly entries: readonly LedgerEntry[];
  /** Its id is a hash of what it says, so that the same label again is the same grade. */
  readonly grade: Grade & { readonly outcome: "right" | "wrong" };
  /** What labels said of this answer before; null = nothing. */
  readonly before: Outcome | null;
}

/**
 * Finds what a label is about: the evidence of its item or, of a request that nobody drew, the
 * evidence that is made of its record.
 *
 * @param nowMs epoch milliseconds; when it is said
 */
export async function placeLabel(
  ledger: LabelLedger,
  label: Label,
  nowMs: number,
): Promise<Result<PlacedLabel, LabelProblem>> {
  const isOfCandidate = typeof label.tier === "number" && isCandidateTier(label.tier);
  const stored = await ledger.evidenceOf(label.itemId, isOfCandidate ? "candidates" : "tiers");
  const found = stored.map((evidence) => tierIn(evidence, label.tier)).find((one) => one !== null);
  if (found === undefined && isOfCandidate) return failure(noAnswer(label.tier));
  if (found === undefined) return placeOnRecord(ledger, label, nowMs);
  const { evidence, tier } = found;
  const grade = labelGrade(label, tier, nowMs);
  const earlier = (await ledger.grades(label.itemId)).find(({ id }) => id === grade.id);
  if (earlier !== undefined && earlier.retractedAtMs !== null) return failure(TAKEN_BACK);
  const before = evidence[tier === evidence.tier ? "cheap" : "deep"].label;
  const entries: readonly LedgerEntry[] = earlier === undefined ? [{ kind: "grade", grade }] : [];
  return success({ entries, grade, before });
}

const TAKEN_BACK: LabelProblem = {
  code: "taken_back",
  message: "was given before and taken back; another grader or note says it anew",
};

async function placeOnRecord(
  ledger: LabelLedger,
  label: Label,
  nowMs: number,
): Promise<Result<PlacedLabel, LabelProblem>> {
  const record = await ledger.request(label.itemId);
  if (record === null) {
    return failure({
      code: "unknown_item",
      message: "is of an item that the ledger does not hold",
    });
  }
  const { routeVersion } = record;
  const [pair, version] = await Promise.all([
    ledger.pair(record.id),
    routeVersion === null ? null : ledger.routeVersion(routeVersion),
  ]);
  const made = evidenceOfRecord({ record, pair, route: version?.route ?? null }, label.tier);
  if (!made.ok) return made;
  const { evidence, tier } = made.value;
  const grade = labelGrade(label, tier, nowMs);
  const entries: readonly LedgerEntry[] = [
    // Should the gateway have written better in the meantime, that stays.
    { kind: "evidence", evidence, onlyIfMissing: true },
    { kind: "grade", grade },
  ];
  return success({ entries, grade, before: null });
}

/** Whose answer of this evidence a label is about; null when of none. */
function tierIn(
  evidence: Evidence,
  tier: Label["tier"],
): { readonly evidence: Evidence; readonly tier: number } | null {
  const { tier: cheapTier, deepTier, decision } = evidence;
  if (tier === "cheap") return { evidence, tier: cheapTier };
  if (tier === "deep") return { evidence, tier: deepTier };
  if (tier === null) {
    const isCheap = decision === "shipped" || decision === "imported";
    return { evidence, tier: isCheap ? cheapTier : deepTier };
  }
  return tier === cheapTier || tier === deepTier ? { evidence, tier } : null;
}

function labelGrade(
  { itemId, outcome, grader, note }: Label,
  tier: number,
  nowMs: number,
): PlacedLabel["grade"] {
  const content = [itemId, tier, outcome, grader, note ?? ""].join("\u0000");
  return {
    id: `grd_${hash("sha256", content).slice(0, 32)}`,
    itemId,
    tier,
    by: "label",
    outcome,
    grader,
    createdAtMs: nowMs,
    isRepeat: false,
    note,
    retractedAtMs: null,
  };
}
