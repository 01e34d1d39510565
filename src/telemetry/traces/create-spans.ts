import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type HrTime,
  type Tracer,
} from "@opentelemetry/api";
import type { Attempt, RequestRecord } from "../../cascade/receipt.ts";
import type { LedgerEntry } from "../../ledger/ledger.ts";
import type { Clock } from "../../support/clock.ts";
import type { LedgerObserver } from "../ledger-observer.ts";
import type { Grade } from "../../ledger/records/evidence.ts";
import {
  ATTRIBUTES,
  attemptSpanName,
  EVALUATION_EVENT,
  EVALUATION_SPAN,
  REQUEST_SPAN,
} from "../span-names.ts";
import {
  attemptAttributes,
  evaluationAttributes,
  hasFailed,
  requestAttributes,
} from "./span-attributes.ts";
import { attemptSpanId, spanIdsOf, type PresetIds } from "./span-ids.ts";
import type { TraceMemory } from "./trace-memory.ts";
import type { TraceParent } from "./trace-parent.ts";

export interface SpansOptions {
  readonly tracer: Tracer;
  /** Ids that the tracer takes; null when it makes its own. */
  readonly presetIds: PresetIds | null;
  readonly memory: TraceMemory;
  readonly vendorOf: (model: string) => string | null;
  readonly clock: Clock;
}

/**
 * Makes spans of what is booked, when it is booked: all times are known then, and while a request
 * runs nothing is spent on it.
 */
export function createSpans(options: SpansOptions): LedgerObserver {
  const { tracer, presetIds, memory, vendorOf, clock } = options;

  function addRequest(record: RequestRecord): void {
    if (presetIds !== null) presetIds.next = spanIdsOf(record.id);
    const span = tracer.startSpan(
      REQUEST_SPAN,
      { kind: SpanKind.SERVER, startTime: hrTime(record.startedAtMs) },
      remote(memory.parentOf(record.id)),
    );
    // Nobody listens, or this trace is not wanted: then neither are its parts.
    if (!span.isRecording()) return;
    span.setAttributes(requestAttributes(record));
    if (record.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    const inside = trace.setSpan(ROOT_CONTEXT, span);
    for (const attempt of record.attempts) {
      addAttempt(record.id, attempt, record.startedAtMs + attempt.startedAfterMs, inside);
    }
    span.end(hrTime(record.startedAtMs + record.latencyMs));
  }
  function addAttempt(requestId: string, attempt: Attempt, startMs: number, parent: Context): void {
    if (presetIds !== null) {
      // The trace is its parent's.
      presetIds.next = { traceId: "", spanId: attemptSpanId(requestId, attempt.index) };
    }
    const span = tracer.startSpan(
      attemptSpanName(attempt.model),
      { kind: SpanKind.CLIENT, startTime: hrTime(startMs) },
      parent,
    );
    if (!span.isRecording()) return;
    span.setAttributes(attemptAttributes(attempt, requestId, vendorOf(attempt.model)));
    if (hasFailed(attempt)) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(hrTime(startMs + attempt.latencyMs));
  }
  /** It is booked right when it has ended. */
  function addLateAttempt(requestId: string, attempt: Attempt): void {
    addAttempt(requestId, attempt, clock.nowMs() - attempt.latencyMs, booked(requestId));
  }
  /** The span of the answer has ended long ago, so that the event has one of its own. */
  function addVerdict(grade: Grade): void {
    if (presetIds !== null) presetIds.next = { traceId: "", spanId: spanIdsOf(grade.id).spanId };
    const startTime = hrTime(clock.nowMs());
    const span = tracer.startSpan(EVALUATION_SPAN, { startTime }, booked(grade.itemId));
    if (!span.isRecording()) return;
    span.setAttributes({ [ATTRIBUTES.requestId]: grade.itemId, [ATTRIBUTES.tier]: grade.tier });
    span.addEvent(EVALUATION_EVENT, evaluationAttributes(grade), startTime);
    span.end(startTime);
  }
  /** The span of a request that was made before. */
  function booked(requestId: string): Context {
    const ids = spanIdsOf(requestId);
    const { traceId = ids.traceId, flags = 1 } = memory.parentOf(requestId) ?? {};
    return remote({ traceId, spanId: ids.spanId, flags });
  }
  return {
    appending: (entries: readonly LedgerEntry[]) => {
      for (const entry of entries) {
        if (entry.kind === "request") addRequest(entry.record);
        else if (entry.kind === "attempt") addLateAttempt(entry.requestId, entry.attempt);
        else if (entry.kind === "grade" && !entry.grade.isRepeat) addVerdict(entry.grade);
      }
    },
  };
}

function remote(parent: TraceParent | null): Context {
  if (parent === null) return ROOT_CONTEXT;
  const { traceId, spanId, flags } = parent;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: flags, isRemote: true });
}

/** Seconds and nanoseconds: plain numbers are read as times since the process began when small. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.floor((ms - seconds * 1000) * 1e6)];
}
