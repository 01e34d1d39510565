import { ATTEMPT_MEMBERS } from "./attempt-row.ts";
import { dayOf, moneyOf } from "./count-gatherer.ts";
import type { CountGatherer } from "./count-gatherer.ts";
import type { TriageCount } from "./evidence.ts";
import { createRowReader, isArray } from "./row-reader.ts";
import type { StoredRow } from "./row-reader.ts";
import type { SqlRow, SqlValue } from "./sql-value.ts";

/** Columns of table `triage_counts`. */
export const TRIAGE_COUNT_COLUMNS = [
  "day_ms",
  "route",
  "key",
  "items",
  "priced_items",
  "cheap_cost_nano_usd",
] as const;

/** What the counts of a triage take from its request. */
export interface TriagedRequest {
  /** Any moment of the UTC day in which the request came. */
  readonly startedAtMs: number;
  readonly route: SqlValue;
  readonly task: SqlValue;
}

/** Looked up once: this runs for every attempt. */
const ATTEMPT = {
  role: ATTEMPT_MEMBERS.indexOf("role"),
  tier: ATTEMPT_MEMBERS.indexOf("tier"),
  model: ATTEMPT_MEMBERS.indexOf("model"),
  reportedModel: ATTEMPT_MEMBERS.indexOf("reported_model"),
  promptHash: ATTEMPT_MEMBERS.indexOf("prompt_hash"),
  confidence: ATTEMPT_MEMBERS.indexOf("confidence"),
  outcome: ATTEMPT_MEMBERS.indexOf("outcome"),
  failureCode: ATTEMPT_MEMBERS.indexOf("failure_code"),
  stopReason: ATTEMPT_MEMBERS.indexOf("stop_reason"),
  costNanoUsd: ATTEMPT_MEMBERS.indexOf("cost_nano_usd"),
};

/** Adds an attempt to the roll-up of triages, if it is one. */
export function countTriage(counts: CountGatherer, request: TriagedRequest, attempt: SqlRow): void {
  const role = attempt[ATTEMPT.role];
  if (role !== "triage" && role !== "shadow_triage") return;
  // In the background there is no client: we cut it before it said anything, and ask again.
  if (role === "shadow_triage" && attempt[ATTEMPT.outcome] === "client_left") return;
  // Every triage has a route and a tier; a row without one is not worth losing a record for.
  const tier = attempt[ATTEMPT.tier] ?? null;
  if (request.route === null || tier === null) return;
  const text = JSON.stringify([
    request.task,
    tier,
    role,
    attempt[ATTEMPT.reportedModel] ?? attempt[ATTEMPT.model],
    attempt[ATTEMPT.promptHash] ?? null,
    attempt[ATTEMPT.confidence] ?? null,
    failureOf(attempt),
  ]);
  const cost = moneyOf(attempt[ATTEMPT.costNanoUsd]);
  counts.add(
    { dayMs: dayOf(request.startedAtMs), route: String(request.route), text },
    1,
    cost === null ? null : { cheap: cost, deep: 0n },
  );
}

/** @throws LeadsmanError `ledger_corrupt` */
export function rowToTriageCount(row: StoredRow): TriageCount {
  const read = createRowReader(row);
  return {
    ...read.json("key", readKey),
    dayMs: read.number("day_ms"),
    route: read.text("route"),
    triages: read.number("items"),
    pricedTriages: read.number("priced_items"),
    costNanoUsd: read.money("cheap_cost_nano_usd"),
  };
}

/**
 * Why a triage could not have shipped at any threshold. One that we closed ourselves without a
 * failure was read as far as its confidence, and another threshold might have shipped it.
 */
function failureOf(attempt: SqlRow): SqlValue {
  const code = attempt[ATTEMPT.failureCode] ?? null;
  if (code !== null) return code;
  const outcome = attempt[ATTEMPT.outcome] ?? null;
  if (outcome === "aborted") return null;
  if (outcome !== "completed") return outcome;
  const stopReason = attempt[ATTEMPT.stopReason] ?? null;
  if (stopReason === "end_turn" || stopReason === null) return null;
  if (stopReason === "refusal") return "triage_refused";
  return stopReason === "max_tokens" ? "triage_max_tokens" : "triage_stopped";
}

type KeyMembers = Omit<
  TriageCount,
  "dayMs" | "route" | "triages" | "pricedTriages" | "costNanoUsd"
>;

function readKey(value: unknown): KeyMembers | undefined {
  if (!isArray(value)) return undefined;
  const [task, tier, role, model, promptHash, confidence, failureCode] = value;
  const read = createRowReader({ task, tier, role, model, promptHash, confidence, failureCode });
  return {
    task: read.textOrNull("task"),
    tier: read.number("tier"),
    role: read.word("role"),
    model: read.text("model"),
    promptHash: read.textOrNull("promptHash"),
    confidence: read.numberOrNull("confidence"),
    failureCode: read.textOrNull("failureCode"),
  };
}
