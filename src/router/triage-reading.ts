import { decide, type TriageDecision, type TriageEnd } from "../cascade/decide.ts";
import type { VerdictProtocol } from "../cascade/protocols/protocol.ts";
import type { VerdictReader, VerdictState } from "../cascade/verdict.ts";
import type { ApiError, Message, StopReason, StreamEvent, Usage } from "../messages/message.ts";
import { createMessageAccumulator } from "../messages/message-accumulator.ts";
import { createSseReader, type SseFrame } from "../messages/sse-reader.ts";
import { readStreamEvent } from "../messages/stream-event.ts";

export interface TriageReadingOptions {
  readonly protocol: VerdictProtocol;
  readonly threshold: number;
  /** Keep the whole upstream message for the ledger or a non-streaming client. */
  readonly keepsMessage: boolean;
}

/**
 * Makes sense of a triage's stream while it arrives: bytes in, decision out. No I/O of its own.
 * The decision is taken after each event and then stands, so that it depends on the events alone
 * and not on how they were cut into chunks.
 */
export class TriageReading {
  readonly threshold: number;
  decision: TriageDecision = { kind: "wait" };
  /** How the stream ended; null while it goes on. */
  end: TriageEnd | null = null;
  /** What is wrong with an answer that had begun; null when nothing is. */
  trouble: ApiError | null = null;
  /** Bytes of answer text that arrived, whatever they meant. */
  textBytes = 0;
  messageStart: Extract<StreamEvent, { type: "message_start" }> | null = null;
  messageDelta: Extract<StreamEvent, { type: "message_delta" }> | null = null;
  readonly #options: TriageReadingOptions;
  readonly #verdict: VerdictReader;
  readonly #accumulator = createMessageAccumulator();
  readonly #sse = createSseReader((frame) => {
    this.#onFrame(frame);
  });
  #answerText = "";
  #raw: Uint8Array[] = [];
  #hasPing = false;

  constructor(options: TriageReadingOptions) {
    this.#options = options;
    this.threshold = options.threshold;
    this.#verdict = options.protocol.createReader();
  }

  get verdict(): VerdictState {
    return this.#verdict.state;
  }

  /** The first confidence that was complete; null when none was. */
  get confidence(): number | null {
    const { state } = this.#verdict;
    return state.kind === "reading" ? null : state.confidence;
  }

  /** A visible character of the answer has been read, and the confidence is known. */
  get answerBegan(): boolean {
    const { state } = this.#verdict;
    if (state.kind === "unusable") return state.answerBegan;
    return state.kind === "answering" || state.kind === "complete";
  }

  get isFinished(): boolean {
    return this.end !== null;
  }

  get usage(): Usage | null {
    return this.#accumulator.usage;
  }

  get stopReason(): StopReason | null {
    return this.#accumulator.stopReason;
  }

  get reportedModel(): string | null {
    return this.#accumulator.reportedModel;
  }

  /** The upstream message as it came; null before the stream's end. */
  get message(): Message | null {
    return this.#accumulator.message();
  }

  /** Takes the next bytes of the stream. */
  push(chunk: Uint8Array): void {
    if (this.#options.protocol.shippedForm === "verbatim") this.#raw.push(chunk);
    this.#sse.push(chunk);
    if (this.#sse.problem !== null && this.end === null) {
      this.#finish({ kind: "stream_error" }, brokenAnswer(this.#sse.problem));
      this.#settle();
    }
  }

  /** Says that no bytes follow, and why. Later calls change nothing. */
  finish(end: TriageEnd): void {
    if (this.end !== null) return;
    this.#finish(end, null);
    this.#settle();
  }

  /** Decoded answer text since the last call. */
  takeAnswerText(): string {
    const text = this.#answerText;
    this.#answerText = "";
    return text;
  }

  /** The stream's own bytes since the last call; only kept for a protocol that ships them. */
  takeRaw(): readonly Uint8Array[] {
    const chunks = this.#raw;
    this.#raw = [];
    return chunks;
  }

  /** Whether upstream has sent a sign of life since the last call. */
  takePing(): boolean {
    const had = this.#hasPing;
    this.#hasPing = false;
    return had;
  }

  #onFrame(frame: SseFrame): void {
    if (this.end !== null) return;
    const event = readStreamEvent(frame);
    if (event.ok) this.#onEvent(event.value);
    else this.#finish({ kind: "stream_error" }, brokenAnswer("upstream sent a malformed event"));
    this.#settle();
  }

  #onEvent(event: StreamEvent): void {
    if (this.#options.keepsMessage || event.type !== "content_block_delta") {
      this.#accumulator.push(event);
    }
    switch (event.type) {
      case "message_start":
        this.messageStart = event;
        break;
      case "content_block_start":
        this.#onText(event.content_block.type === "text" ? event.content_block.text : undefined);
        break;
      case "content_block_delta":
        this.#onText(event.delta.type === "text_delta" ? event.delta.text : undefined);
        break;
      case "message_delta":
        this.messageDelta = event;
        break;
      case "message_stop":
        if (this.messageStart === null) {
          const error = brokenAnswer("upstream sent no message_start");
          this.#finish({ kind: "stream_error" }, error);
        } else this.#finish({ kind: "stopped", stopReason: this.stopReason }, null);
        break;
      case "error":
        this.#finish({ kind: "stream_error" }, event.error);
        break;
      case "ping":
        this.#hasPing = true;
        break;
      case "content_block_stop":
      case "unknown":
        break;
    }
  }

  #onText(text: string | undefined): void {
    if (text === undefined || text === "") return;
    this.textBytes += Buffer.byteLength(text);
    this.#verdict.push(text);
    this.#answerText += this.#verdict.takeAnswerText();
  }

  #finish(end: TriageEnd, error: ApiError | null): void {
    this.end = end;
    const state = this.#verdict.end();
    this.#answerText += this.#verdict.takeAnswerText();
    if (end.kind !== "stopped") {
      this.trouble = error ?? brokenAnswer(end.kind);
      return;
    }
    const { stopReason } = end;
    if (stopReason === "end_turn" && state.kind === "unusable") {
      this.trouble = brokenAnswer(state.problem);
    } else if (isUnfinished(stopReason) && this.#options.protocol.shippedForm === "answer") {
      this.trouble = brokenAnswer(`it stopped with ${stopReason ?? "no reason"}`);
    }
  }

  #settle(): void {
    if (this.decision.kind !== "wait") return;
    const { threshold, end } = this;
    this.decision = decide({ verdict: this.#verdict.state, threshold, end });
  }
}

/** The message goes on in blocks of other kinds, of which a decoded answer has none, or was cut. */
function isUnfinished(stopReason: StopReason | null): boolean {
  return stopReason === null || stopReason === "tool_use" || stopReason === "pause_turn";
}

function brokenAnswer(detail: string): ApiError {
  return {
    type: "api_error",
    message: `The answer broke off after it had begun (${detail}). Please send the request again.`,
  };
}
