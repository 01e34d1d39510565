import type { TriageEnd } from "../cascade/decide.ts";
import type { Attempt } from "../cascade/receipt.ts";
import { triageFailureCode } from "../cascade/replay-decision.ts";
import type { EscalationReason } from "../cascade/words.ts";
import { readErrorEnvelope } from "../messages/error-envelope.ts";
import type {
  Provider,
  UpstreamCall,
  UpstreamFailure,
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

export interface TriageCallOptions {
  readonly provider: Provider;
  readonly request: UpstreamRequest;
  readonly attempt: OpenAttempt;
  readonly reading: TriageReading;
  /** A triage without a decision after this escalates. */
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

/**
 * One triage on the wire: sends it, decides on its first tokens, closes it when the rest is not
 * needed. Never retried: escalation is its retry.
 */
export class TriageCall implements UpstreamSink {
  /** Resolves when the decision is known and, for an answer that ships, when it has ended. */
  readonly result: Promise<TriageResult>;
  readonly #options: TriageCallOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #call: UpstreamCall;
  readonly #errorBody: Uint8Array[] = [];
  #errorBytes = 0;
  #resolve: (result: TriageResult) => void = () => undefined;
  #head: UpstreamHead | null = null;
  /** `running_on`: the outcome is known, the rest is read for learning. */
  #phase: "deciding" | "shipping" | "running_on" | "over" = "deciding";
  #failureCode: string | null = null;

  constructor(options: TriageCallOptions) {
    this.#options = options;
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#timer = setTimeout(() => {
      this.#endWith({ kind: "timeout" });
    }, options.timeoutMs);
    this.#call = options.provider.send(options.request, this);
    options.onSent(this.#call);
  }

  /** The client has left: closes the upstream connection now. */
  abandon(): void {
    if (this.#phase === "over" || this.#phase === "running_on") return;
    this.#call.abort();
    this.#conclude("over", { kind: "client_left", attempt: this.#close("client_left", null) });
  }

  onHead(head: UpstreamHead): void {
    this.#head = head;
    this.#options.attempt.head(head);
  }

  onChunk(chunk: Uint8Array): void {
    if (this.#phase === "over") return;
    if (this.#head?.status !== 200) {
      this.#takeErrorBody(chunk);
      return;
    }
    const { reading } = this.#options;
    reading.push(chunk);
    if (this.#phase !== "running_on") this.#advance();
    else if (reading.isFinished) this.#finishRunOn();
  }

  onEnd(): void {
    if (this.#phase === "over") return;
    if (this.#head?.status === 200) this.#endWith({ kind: "connection" });
    else this.#endWithErrorBody();
  }

  onFailure(failure: UpstreamFailure): void {
    this.#failureCode = failure.code;
    this.#endWith({ kind: "connection" });
  }

  /** Acts on what the reading has decided by now. */
  #advance(): void {
    const { reading, answer } = this.#options;
    if (this.#phase === "shipping") answer.advance(reading);
    else if (reading.decision.kind === "escalate") this.#escalate(reading.decision.reason);
    else if (reading.decision.kind === "ship" && this.#head !== null) {
      this.#phase = "shipping";
      clearTimeout(this.#timer);
      answer.begin(this.#head, reading);
    }
    if (this.#phase === "shipping" && reading.isFinished && this.#head !== null) {
      this.#letGo();
      const attempt = this.#close(...this.#ending());
      this.#conclude("over", { kind: "shipped", head: this.#head, attempt });
    }
  }

  #escalate(reason: EscalationReason): void {
    const { reading, mayRunOn } = this.#options;
    // Asked in any case: whether it is drawn must not depend on how fast the stream was.
    if (mayRunOn(reading.confidence) && !reading.isFinished) {
      this.#conclude("running_on", { kind: "escalate", reason, attempt: null });
      return;
    }
    const attempt = this.#close(...this.#ending());
    this.#conclude("over", { kind: "escalate", reason, attempt });
    this.#abortSoon();
  }

  /**
   * Closes the connection two turns of the event loop later: by then the deep call is on the wire.
   * It thus takes a connection that stands instead of the one that is being closed, and does not
   * wait for the closing; the HTTP client itself looks at a connection for one turn before it writes.
   */
  #abortSoon(): void {
    setImmediate(() => {
      setImmediate(() => {
        this.#letGo();
      });
    });
  }

  /** Ends the reading from outside: the transport or the clock has spoken. */
  #endWith(end: TriageEnd): void {
    if (this.#phase === "over") return;
    this.#options.reading.finish(end);
    if (this.#phase === "running_on") this.#finishRunOn();
    else this.#advance();
  }

  #finishRunOn(): void {
    this.#phase = "over";
    this.#letGo();
    this.#options.onRunOn(this.#close(...this.#ending()));
  }

  /** A message that is complete leaves its connection to be used again; a broken one closes it. */
  #letGo(): void {
    if (this.#options.reading.end?.kind !== "stopped") this.#call.abort();
  }

  #takeErrorBody(chunk: Uint8Array): void {
    this.#errorBody.push(chunk);
    this.#errorBytes += chunk.length;
    if (this.#errorBytes <= MAX_ERROR_BYTES) return;
    this.#call.abort();
    this.#endWithErrorBody();
  }

  #endWithErrorBody(): void {
    const error = readErrorEnvelope(Buffer.concat(this.#errorBody));
    this.#failureCode = error?.type ?? `status_${String(this.#head?.status)}`;
    if (error !== null && isTooLongPrompt(error.message)) {
      const attempt = this.#close("http_error", this.#failureCode);
      this.#conclude("over", { kind: "input_too_long", attempt });
    } else this.#endWith({ kind: "http_error" });
  }

  #conclude(phase: "over" | "running_on", result: TriageResult): void {
    this.#phase = phase;
    clearTimeout(this.#timer);
    this.#resolve(result);
  }

  /** How the call ended, and what the verdict or upstream had to say about it. */
  #ending(): [Attempt["outcome"], string | null] {
    const { reading } = this.#options;
    const code = triageFailureCode(reading) ?? this.#failureCode;
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

  #close(outcome: Attempt["outcome"], failureCode: string | null): Attempt {
    const { reading, attempt } = this.#options;
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
}

/** Upstream's wording is all there is to tell this 400 from others; clients depend on it too. */
function isTooLongPrompt(message: string): boolean {
  return message.toLowerCase().includes("prompt is too long");
}
