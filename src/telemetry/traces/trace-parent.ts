/** Where in which trace something happens, as W3C Trace Context puts it. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** 1 = sampled. */
  readonly flags: number;
}

const FORM = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:$|-)/;

/** Reads a header `traceparent`; null when it is none, which then counts as missing. */
export function readTraceParent(
  header: string | readonly string[] | undefined,
): TraceParent | null {
  if (typeof header !== "string") return null;
  const [, traceId = "", spanId = "", flags = ""] = FORM.exec(header) ?? [];
  // All zeros means none.
  if (!/[1-9a-f]/.test(traceId) || !/[1-9a-f]/.test(spanId)) return null;
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & 1 };
}

export function writeTraceParent({ traceId, spanId, flags }: TraceParent): string {
  return `00-${traceId}-${spanId}-0${String(flags)}`;
}
