import { hash } from "node:crypto";
import type { LedgerEntry } from "../../ledger/ledger.ts";
import type { Evidence, Outcomes } from "../../ledger/records/evidence.ts";
import { MISSING_SIDE_REASONS } from "../../cascade/words.ts";
import { answerMessage } from "../rows/row-item.ts";
import type { IdealComparison } from "./ideal-comparison.ts";
import type { ReplayRow } from "./replay-row.ts";
import type { TierAnswer } from "./tier-asker.ts";

/** What all entries of a replay have in common. */
export interface EntryContext {
  readonly route: string;
  readonly dataset: string;
  readonly deepTier: number;
  readonly promptHash: string;
  readonly propensity: number;
  readonly withBodies: boolean;
  readonly compare: IdealComparison;
  /** Names the comparison in the labels it gives. */
  readonly comparison: string;
  readonly nowMs: number;
}

/** A triage's answer as evidence whose deep side is still to come. */
export function triageEvidence(
  row: ReplayRow,
  tier: number,
  answer: TierAnswer,
  deepModel: string,
  context: EntryContext,
): Evidence {
  return {
    itemId: row.itemId,
    tier,
    deepTier: context.deepTier,
    source: "import",
    dataset: context.dataset,
    route: context.route,
    task: row.task,
    createdAtMs: row.createdAtMs ?? context.nowMs,
    cluster: row.cluster,
    inputClasses: row.inputClasses,
    decision: "imported",
    propensity: context.propensity,
    cheapModel: answer.model,
    deepModel,
    promptHash: context.promptHash,
    confidence: answer.confidence,
    cheapMissing: answer.missing,
    deepMissing: "pending",
    cheapCostNanoUsd: answer.costNanoUsd,
    deepCostNanoUsd: null,
    cheapLatencyMs: answer.latencyMs,
    deepLatencyMs: null,
    cheap: NO_OUTCOMES,
    deep: NO_OUTCOMES,
    differs: null,
  };
}

/** The same evidence once the last tier has answered. */
export function withDeepAnswer(evidence: Evidence, answer: TierAnswer): Evidence {
  return {
    ...evidence,
    deepModel: answer.model,
    deepMissing: MISSING_SIDE_REASONS.find((reason) => reason === answer.missing) ?? null,
    deepCostNanoUsd: answer.costNanoUsd,
    deepLatencyMs: answer.latencyMs,
  };
}

/**
 * Evidence of a smaller draw as part of a larger one, which drew its row with this probability.
 *
 * @returns `stored` itself when it says so already
 */
export function raisePropensity(
  stored: readonly Evidence[],
  propensity: number,
): readonly Evidence[] {
  if (stored.every((one) => one.propensity !== null && one.propensity >= propensity)) return stored;
  return stored.map((one) => ({ ...one, propensity: Math.max(one.propensity ?? 0, propensity) }));
}

/** What is committed when a tier has answered: its evidence, texts, and the label if there is one. */
export function answerEntries(
  row: ReplayRow,
  tier: number,
  answer: TierAnswer,
  evidence: readonly Evidence[],
  context: EntryContext,
): readonly LedgerEntry[] {
  const entries: LedgerEntry[] = evidence.map((one) => ({ kind: "evidence", evidence: one }));
  if (context.withBodies) entries.push(...bodyEntries(row, tier, answer));
  const outcome = labelOf(row, answer, context.compare);
  if (outcome === null) return entries;
  const grader = `ideal:${context.comparison}`;
  const id = hash("sha256", [row.itemId, tier, outcome, grader].join("\u0000")).slice(0, 32);
  entries.push({
    kind: "grade",
    grade: {
      id: `grd_${id}`,
      itemId: row.itemId,
      tier,
      by: "label",
      outcome,
      grader,
      createdAtMs: context.nowMs,
      isRepeat: false,
      note: null,
      retractedAtMs: null,
    },
  });
  return entries;
}

/** What the row's right answers make of an answer; null when they leave it open. */
export function labelOf(
  { ideals }: ReplayRow,
  { missing, text }: TierAnswer,
  compare: IdealComparison,
): "right" | "wrong" | null {
  return missing === null && text !== null && ideals.length > 0 ? compare(text, ideals) : null;
}

const NO_OUTCOMES: Outcomes = { label: null, human: null, judge: null };

function bodyEntries(row: ReplayRow, tier: number, answer: TierAnswer): readonly LedgerEntry[] {
  const parts: (readonly [part: string, bytes: Uint8Array])[] = [["request", row.parsed.bytes]];
  const [ideal] = row.ideals;
  if (ideal !== undefined) parts.push(["ideal", Buffer.from(ideal)]);
  const message =
    answer.message ?? (answer.text === null ? null : answerMessage(answer.text, answer.model));
  if (message !== null) parts.push([`answer:${tier}`, Buffer.from(message)]);
  return parts.map(([part, bytes]) => ({
    kind: "body",
    body: { requestId: row.itemId, part, bytes },
  }));
}
