import { allDeepCost, type AllDeepCost } from "../cascade/all-deep.ts";
import type { Attempt, RequestRecord, ShadowPair } from "../cascade/receipt.ts";
import type { Message } from "../messages/message.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import { candidateJobEntries } from "./candidate-job.ts";
import { evidenceEntries } from "./evidence-entries.ts";
import type { CommitOutcome } from "./committer.ts";
import { tierModel, type Flight } from "./flight.ts";
import { keepsBodies } from "./keeps-bodies.ts";
import { sideJobEntries } from "./side-job.ts";
import type { TriageReading } from "./triage-reading.ts";
import { elapsedMs } from "../support/clock.ts";

/** How the request ended, for its record. */
export interface Settlement {
  /** Status the client is given; 499 when it has left. */
  readonly status: number;
  /** The attempt whose answer the client gets; null when none did. */
  readonly answeredBy: Attempt | null;
  /** Bytes that are sent once the record is committed. */
  readonly heldBytes: number;
  /** Answers to keep, if the route keeps bodies of such requests. */
  readonly answers: readonly StoredAnswer[];
  /** The shadow pair as it stands now; null when there is none. */
  readonly pair: ShadowPair | null;
}

export interface StoredAnswer {
  readonly attempt: number;
  readonly message: Message;
}

/** Status that stands for "the client closed the request", after nginx's custom. */
export const CLIENT_CLOSED_REQUEST = 499;

/**
 * Writes the request's record, so that the last byte can go out. Resolves when the record is safe
 * or given up.
 */
export async function settle(flight: Flight, settlement: Settlement): Promise<CommitOutcome> {
  const { environment, response, draft, request } = flight;
  const { answeredBy } = settlement;
  const latencyMs = elapsedMs(request.arrivedMonotonicMs, environment.clock.monotonicMs());
  const record = draft.finish({
    status: settlement.status,
    tier: answeredBy?.tier ?? null,
    model: answeredBy === null ? null : (answeredBy.reportedModel ?? answeredBy.model),
    stopReason: answeredBy?.stopReason ?? null,
    // An answer in one piece goes out right after this record.
    firstByteMs: response.firstByteMs ?? (settlement.heldBytes > 0 ? latencyMs : null),
    latencyMs,
    responseBytes: response.bytesSent + settlement.heldBytes,
    ...allDeep(flight),
  });
  const entries: LedgerEntry[] = [{ kind: "request", record }];
  if (settlement.pair !== null) {
    entries.push(
      { kind: "pair", pair: settlement.pair },
      ...sideJobEntries(flight, settlement.pair),
    );
  }
  entries.push(...evidenceEntries(flight, settlement.pair, []));
  entries.push(...candidateJobEntries(flight, answeredBy));
  if (keepsBodies(flight, settlement.pair !== null)) {
    entries.push(bodyEntry(request.id, "request", request.parsed.bytes));
    for (const answer of settlement.answers) entries.push(answerEntry(request.id, answer));
  }
  const outcome = await environment.committer.commit(entries);
  notify(flight, record);
  return outcome;
}

/** The answer that a triage gave, for the ledger: upstream's message with its verdict as it came. */
export function storedAnswerOf(attempt: Attempt, reading: TriageReading): readonly StoredAnswer[] {
  return reading.message === null ? [] : [{ attempt: attempt.index, message: reading.message }];
}

export function answerEntry(requestId: string, answer: StoredAnswer): LedgerEntry {
  const bytes = Buffer.from(JSON.stringify(answer.message), "utf8");
  return bodyEntry(requestId, `answer:${String(answer.attempt)}`, bytes);
}

function bodyEntry(requestId: string, part: string, bytes: Uint8Array): LedgerEntry {
  return { kind: "body", body: { requestId, part, bytes } };
}

function allDeep({ active, draft, environment, request }: Flight): AllDeepCost {
  const requested = request.parsed.value.model;
  return allDeepCost({
    attempts: draft.attempts,
    decision: draft.decision,
    catalogue: environment.catalogue,
    deepModel:
      active === null ? null : tierModel(active.route, active.route.tiers.length - 1, requested),
    instructionTokens: active?.protocol.instructionTokens ?? 0,
    wrapperTokens: active?.protocol.wrapperTokens ?? 0,
    atMs: draft.head.startedAtMs,
  });
}

function notify({ environment }: Flight, record: RequestRecord): void {
  for (const observer of environment.observers) observer.requestEnded(record);
}
