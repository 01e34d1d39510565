import { hash } from "node:crypto";

/**
 * Ids of spans follow from the receipt's id. So upstream can be told of a span that is written only
 * when the request has ended, what a job adds later finds its trace, and whoever has a receipt has
 * its trace.
 */
export interface SpanIds {
  /** Of a trace that begins here. */
  readonly traceId: string;
  /** Of the span of the client's call. */
  readonly spanId: string;
}

export function spanIdsOf(requestId: string): SpanIds {
  const digits = hash("sha256", requestId, "hex");
  return { traceId: digits.slice(0, 32), spanId: digits.slice(32, 48) };
}

export function attemptSpanId(requestId: string, attempt: number): string {
  return hash("sha256", `${requestId}:${String(attempt)}`, "hex").slice(0, 16);
}

/** Gives a tracer ids that were decided before: set right before a span is started. */
export class PresetIds {
  next: SpanIds = { traceId: "", spanId: "" };

  generateTraceId = (): string => this.next.traceId;

  generateSpanId = (): string => this.next.spanId;
}
