import { malformedVerdict } from "./malformed-verdicts.ts";

/** A place inside a response where something happens to it. */
export type FaultPlace =
  /** After the head, before any text. */
  | "start"
  /** Inside the number of a verdict's confidence; in other text, near its beginning. */
  | "verdict"
  /** In the middle of the answer's text. */
  | "answer"
  /** After so many bytes of the body. */
  | { readonly afterBytes: number };

/** What goes wrong with a simulated call. */
export type SimulatedFault =
  /** An error response in the API's envelope. 429 carries `retry-after`. */
  | { readonly kind: "status"; readonly status: number; readonly retryAfterSeconds?: number }
  | { readonly kind: "prompt_too_long" }
  /** No connection: refused, or never answered. A server, being connected, dies or hangs instead. */
  | { readonly kind: "connect_refused" }
  | { readonly kind: "connect_hang" }
  /** The request is read, and nothing ever comes back. */
  | { readonly kind: "hang" }
  /** The connection is lost before the response head. */
  | { readonly kind: "die_before_head" }
  /** The connection is lost inside the body. */
  | { readonly kind: "die"; readonly at: FaultPlace }
  /** The body stands still for ever. */
  | { readonly kind: "stall"; readonly at: FaultPlace }
  /** A stream sends an `error` event and ends; a whole answer becomes that error's status. */
  | { readonly kind: "error_event"; readonly at: FaultPlace; readonly errorType?: string }
  /** The model stops there with this reason, in good order. */
  | { readonly kind: "stop"; readonly at: FaultPlace; readonly reason: "refusal" | "max_tokens" }
  /** A sound message without any content. */
  | { readonly kind: "empty" }
  /** The model writes exactly this. */
  | { readonly kind: "text"; readonly text: string };

/**
 * Reads the header `x-simulate`: entries separated by commas, each `[scope:]fault[=value]`. The
 * first entry whose scope fits decides. Scopes: `triage`, `deep` (anything else), or a model name.
 *
 * `status=529`, `prompt-too-long`, `connect-refused`, `connect-hang`, `hang`, `die-before-head`,
 * `die-at-start|-mid-verdict|-mid-answer` and `die-after=BYTES`; `stall…`, `error…`, `refusal…` and
 * `max-tokens…` with the same places; `empty`, `text=PERCENT_ENCODED`, `verdict=NAME` (a name of
 * `MALFORMED_VERDICTS`). What cannot be read is no fault. Calls of the batch endpoints read the same
 * header in their own way: see `batchTroubleFromHeader`.
 */
export function faultFromHeader(
  header: string,
  call: { readonly model: string; readonly isTriage: boolean },
): SimulatedFault | null {
  return faultFromEntries(readFaultEntries(header), call);
}

/** One entry of the header `x-simulate`. */
export interface FaultEntry {
  /** Null = all calls. */
  readonly scope: string | null;
  readonly text: string;
}

export function readFaultEntries(header: string): readonly FaultEntry[] {
  return header.split(",").map((entry) => {
    const trimmed = entry.trim();
    const colon = trimmed.indexOf(":");
    const equals = trimmed.indexOf("=");
    const hasScope = colon > 0 && (equals < 0 || colon < equals);
    return hasScope
      ? { scope: trimmed.slice(0, colon), text: trimmed.slice(colon + 1) }
      : { scope: null, text: trimmed };
  });
}

/** The fault of the first entry whose scope fits the call. */
export function faultFromEntries(
  entries: readonly FaultEntry[],
  call: { readonly model: string; readonly isTriage: boolean },
): SimulatedFault | null {
  for (const { scope, text } of entries) {
    if (scope !== null && scope !== (call.isTriage ? "triage" : "deep") && scope !== call.model) {
      continue;
    }
    const fault = readFault(text);
    if (fault !== null) return fault;
  }
  return null;
}

const SIMPLE_FAULTS: Readonly<Record<string, SimulatedFault>> = {
  "prompt-too-long": { kind: "prompt_too_long" },
  "connect-refused": { kind: "connect_refused" },
  "connect-hang": { kind: "connect_hang" },
  hang: { kind: "hang" },
  "die-before-head": { kind: "die_before_head" },
  empty: { kind: "empty" },
};

const PLACED_FAULT =
  /^(die|stall|error|refusal|max-tokens)-(?:at-(start)|mid-(verdict|answer)|after=(\d+))$/;

/** One fault, without its scope; null for what cannot be read. */
export function readFault(text: string): SimulatedFault | null {
  const simple = SIMPLE_FAULTS[text];
  if (simple !== undefined) return simple;
  const placed = PLACED_FAULT.exec(text);
  if (placed !== null) return placedFault(placed[1] ?? "", placeOf(placed));
  const equals = text.indexOf("=");
  const value = text.slice(equals + 1);
  switch (equals < 0 ? "" : text.slice(0, equals)) {
    case "status":
      return /^[45]\d\d$/.test(value) ? { kind: "status", status: Number(value) } : null;
    case "text":
      return { kind: "text", text: decoded(value) };
    case "verdict": {
      const verdict = malformedVerdict(value);
      return verdict === null ? null : { kind: "text", text: verdict };
    }
    default:
      return null;
  }
}

/** The text itself when it is no sound percent encoding. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function placeOf(match: RegExpExecArray): FaultPlace {
  if (match[2] !== undefined) return "start";
  if (match[3] !== undefined) return match[3] === "verdict" ? "verdict" : "answer";
  return { afterBytes: Number(match[4]) };
}

function placedFault(word: string, at: FaultPlace): SimulatedFault | null {
  switch (word) {
    case "die":
      return { kind: "die", at };
    case "stall":
      return { kind: "stall", at };
    case "error":
      return { kind: "error_event", at };
    case "refusal":
      return { kind: "stop", at, reason: "refusal" };
    case "max-tokens":
      return { kind: "stop", at, reason: "max_tokens" };
    default:
      return null;
  }
}
