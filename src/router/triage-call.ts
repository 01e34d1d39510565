import type { Attempt } from "../cascade/receipt.ts";
import { triageFailureCode } from "../cascade/replay-decision.ts";
import type { EscalationReason } from "../cascade/words.ts";
import type { TriageEnd } from "../cascade/decide.ts";
import { readErrorEnvelope } from "../messages/error-envelope.ts";
import type {
  Provider,
  UpstreamCall,
  UpstreamHead,
  UpstreamRequest,
  UpstreamSink,
} from "../providers/provider.ts";
import type { OpenAttempt } from "./attempt-log.ts";
import type { TriageReading } from "./triage-reading.ts";

/** Takes the answer of a triage that ships, from its first character on. */
export interface ShippedAnswer {
  /** The decision has fallen: open the client's response. */
  begin(head: UpstreamHead, reading: TriageReading): void;
  /** More was read. */
  advance(reading: TriageReading): void;
}

/** How a triage ended, for whoever waits for its outcome. */
export type TriageResult =
  /** The stream has ended after its answer began to ship; see the reading for trouble. */
  | { readonly kind: "shipped"; readonly head: UpstreamHead; readonly attempt: Attempt }
  | {
      readonly kind: "escalate";
      readonly reason: EscalationReason;
      /** Null while the call goes on to its end for learning: `onRunOn` gets it later. */
      readonly attempt: Attempt | null;
    }
  /** Upstream found the prompt too long: the request was never eligible. */
  | { readonly kind: "input_too_long"; readonly attempt: Attempt }
  | { readonly kind: "client_left"; readonly attempt: Attempt };

export interface TriageCall {
  readonly result: Promise<TriageResult>;
  /** The client has left: closes the upstream connection now. */
  abandon(): void;
}

export interface TriageCallOptions {
  readonly provider: Provider;
  readonly request: UpstreamRequest;
  readonly attempt: OpenAttempt;
  readonly reading: TriageReading;
  readonly timeoutMs: number;
  readonly answer: ShippedAnswer;
  /** Lets the answer's consumer slow the upstream down. */
  readonly onSent: (call: UpstreamCall) => void;
  /**
   * Whether a triage that escalated at this confidence may run to its end beside the deep call; its
   * attempt then goes to `onRunOn`.
   */
  readonly mayRunOn: (confidence: number | null) => boolean;
  readonly onRunOn: (attempt: Attempt) => void;
}

/** An error body is read this far: enough for the message that tells a too long prompt. */
const MAX_ERROR_BYTES = 64 * 1024;

/** Sends one triage and decides on its first tokens. Never retried: escalation is its retry. */
export function callTriage(options: TriageCallOptions): TriageCall {
  const { reading, attempt, answer } = options;
  let call: UpstreamCall | null = null;
  let head: UpstreamHead | null = null;
  let isOver = false;
  let isShipping = false;
  let isRunningOn = false;
  let failureCode: string | null = null;
  const errorBody: Uint8Array[] = [];
  let resolveResult: (result: TriageResult) => void;
  const result = new Promise<TriageResult>((resolve) => {
    resolveResult = resolve;
  });
  const timer = setTimeout(() => {
    endWith({ kind: "timeout" });
  }, options.timeoutMs);

  function conclude(outcome: TriageResult): void {
    isOver = true;
    clearTimeout(timer);
    resolveResult(outcome);
  }
  function closeAttempt(outcome: Attempt["outcome"], failureCode: string | null): Attempt {
    return attempt.close({
      outcome,
      failureCode,
      stopReason: reading.stopReason,
      usage: reading.usage,
      answerBytes: reading.textBytes,
      verdict: reading,
      reportedModel: reading.reportedModel,
    });
  }

  /** Acts on what the reading has decided by now. */
  function advance(): void {
    if (isShipping) answer.advance(reading);
    else if (reading.decision.kind === "ship" && head !== null) {
      isShipping = true;
      clearTimeout(timer);
      answer.begin(head, reading);
    } else if (reading.decision.kind === "escalate") escalate(reading.decision.reason);
    if (isShipping && reading.isFinished && head !== null && !isOver) {
      call?.abort();
      conclude({ kind: "shipped", head, attempt: closeAttempt(...endingOf()) });
    }
  }
  function escalate(reason: EscalationReason): void {
    if (!reading.isFinished && options.mayRunOn(reading.confidence)) {
      isRunningOn = true;
      conclude({ kind: "escalate", reason, attempt: null });
      return;
    }
    call?.abort();
    conclude({ kind: "escalate", reason, attempt: closeAttempt(...endingOf()) });
  }
  /** How the call ended and what the verdict or upstream had to say about it. */
  function endingOf(): [Attempt["outcome"], string | null] {
    const code = triageFailureCode(reading) ?? failureCode;
    switch (reading.end?.kind) {
      case undefined:
      case "timeout":
        return ["aborted", code];
      case "stopped":
        return ["completed", code];
      case "http_error":
        return ["http_error", code];
      case "stream_error":
        return ["stream_error", code ?? reading.trouble?.type ?? null];
      case "connection":
        return ["failed", code ?? "connection_lost"];
    }
  }
  /** Ends the reading from outside: the transport or the clock has spoken. */
  function endWith(end: TriageEnd): void {
    if (isRunningOn) {
      finishRunOn(end);
      return;
    }
    if (isOver) return;
    reading.finish(end);
    advance();
  }
  function finishRunOn(end: TriageEnd | null): void {
    isRunningOn = false;
    if (end !== null) reading.finish(end);
    options.onRunOn(closeAttempt(...endingOf()));
  }
  function onErrorBody(bytes: Uint8Array): void {
    const error = readErrorEnvelope(bytes);
    failureCode = error?.type ?? `status_${String(head?.status)}`;
    if (error !== null && isTooLongPrompt(error.message)) {
      conclude({ kind: "input_too_long", attempt: closeAttempt("http_error", failureCode) });
    } else endWith({ kind: "http_error" });
  }

  const sink: UpstreamSink = {
    onHead(newHead) {
      head = newHead;
      attempt.head(newHead);
    },
    onChunk(chunk) {
      if (head?.status !== 200) {
        errorBody.push(chunk);
        if (Buffer.concat(errorBody).length > MAX_ERROR_BYTES) {
          call?.abort();
          onErrorBody(Buffer.concat(errorBody));
        }
        return;
      }
      reading.push(chunk);
      if (!isRunningOn) advance();
      else if (reading.isFinished) finishRunOn(null);
    },
    onEnd() {
      if (isOver && !isRunningOn) return;
      if (head?.status !== 200) onErrorBody(Buffer.concat(errorBody));
      else endWith({ kind: "connection" });
    },
    onFailure(failure) {
      failureCode = failure.code;
      endWith({ kind: "connection" });
    },
  };
  call = options.provider.send(options.request, sink);
  options.onSent(call);

  return {
    result,
    abandon() {
      if (isOver) return;
      call.abort();
      conclude({ kind: "client_left", attempt: closeAttempt("client_left", null) });
    },
  };
}

/** Upstream's wording is all there is to tell this 400 from others; it is stable by need. */
function isTooLongPrompt(message: string): boolean {
  return message.toLowerCase().includes("prompt is too long");
}
