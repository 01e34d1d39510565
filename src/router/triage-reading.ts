import { decide, type TriageDecision, type TriageEnd } from "../cascade/decide.ts";
import type { VerdictProtocol } from "../cascade/protocols/protocol.ts";
import type { VerdictState } from "../cascade/verdict.ts";
import type { ApiError, Message, StopReason, StreamEvent, Usage } from "../messages/message.ts";
import { createMessageAccumulator } from "../messages/message-accumulator.ts";
import { createSseReader, type SseFrame } from "../messages/sse-reader.ts";
import { readStreamEvent } from "../messages/stream-event.ts";

/**
 * Makes sense of a triage's stream while it arrives: bytes in, decision out. No I/O of its own.
 * The decision is taken after each event and then stands, so that it depends on the events alone
 * and not on how they were cut into chunks.
 */
export interface TriageReading {
  /** Takes the next bytes of the stream. */
  push(chunk: Uint8Array): void;
  /** Says that no bytes follow, and why. Later calls change nothing. */
  finish(end: TriageEnd): void;
  readonly decision: TriageDecision;
  readonly verdict: VerdictState;
  /** The first confidence that was complete; null when none was. */
  readonly confidence: number | null;
  readonly threshold: number;
  /** A visible character of the answer has been read, and the confidence is known. */
  readonly answerBegan: boolean;
  /** How the stream ended; null while it goes on. */
  readonly end: TriageEnd | null;
  readonly isFinished: boolean;
  /** What is wrong with an answer that had begun; null when nothing is. */
  readonly trouble: ApiError | null;
  readonly usage: Usage | null;
  readonly stopReason: StopReason | null;
  readonly reportedModel: string | null;
  /** Bytes of answer text that arrived, whatever they meant. */
  readonly textBytes: number;
  readonly messageStart: Extract<StreamEvent, { type: "message_start" }> | null;
  readonly messageDelta: Extract<StreamEvent, { type: "message_delta" }> | null;
  /** The upstream message as it came; null before the stream's end. */
  readonly message: Message | null;
  /** Decoded answer text since the last call. */
  takeAnswerText(): string;
  /** The stream's own bytes since the last call; only kept for a protocol that ships them. */
  takeRaw(): readonly Uint8Array[];
  /** Whether upstream has sent a sign of life since the last call. */
  takePing(): boolean;
}

export interface TriageReadingOptions {
  readonly protocol: VerdictProtocol;
  readonly threshold: number;
  /** Keep the whole upstream message for the ledger or a non-streaming client. */
  readonly keepsMessage: boolean;
}

export function createTriageReading(options: TriageReadingOptions): TriageReading {
  const { protocol, threshold } = options;
  const reader = protocol.createReader();
  const accumulator = createMessageAccumulator();
  let decision: TriageDecision = { kind: "wait" };
  let end: TriageEnd | null = null;
  let trouble: ApiError | null = null;
  let textBytes = 0;
  let raw: Uint8Array[] = [];
  let hasPing = false;
  let answerText = "";
  let messageStart: TriageReading["messageStart"] = null;
  let messageDelta: TriageReading["messageDelta"] = null;

  const sse = createSseReader(onFrame);

  function onFrame(frame: SseFrame): void {
    if (end !== null) return;
    const event = readStreamEvent(frame);
    if (!event.ok) {
      finishWith({ kind: "stream_error" }, brokenAnswer("upstream sent a malformed event"));
      return;
    }
    onEvent(event.value);
    settle();
  }

  function onEvent(event: StreamEvent): void {
    if (options.keepsMessage || event.type !== "content_block_delta") accumulator.push(event);
    switch (event.type) {
      case "message_start":
        messageStart = event;
        break;
      case "content_block_start":
        onText(event.content_block.type === "text" ? event.content_block.text : undefined);
        break;
      case "content_block_delta":
        onText(event.delta.type === "text_delta" ? event.delta.text : undefined);
        break;
      case "message_delta":
        messageDelta = event;
        break;
      case "message_stop":
        if (messageStart !== null) {
          finishWith({ kind: "stopped", stopReason: accumulator.stopReason }, null);
        } else finishWith({ kind: "stream_error" }, brokenAnswer("upstream sent no message_start"));
        break;
      case "error":
        finishWith({ kind: "stream_error" }, event.error);
        break;
      case "ping":
        hasPing = true;
        break;
      case "content_block_stop":
      case "unknown":
        break;
    }
  }

  function onText(text: string | undefined): void {
    if (text === undefined || text === "") return;
    textBytes += Buffer.byteLength(text);
    reader.push(text);
    answerText += reader.takeAnswerText();
  }

  function finishWith(newEnd: TriageEnd, error: ApiError | null): void {
    end = newEnd;
    const state = reader.end();
    answerText += reader.takeAnswerText();
    const isNormalStop = newEnd.kind === "stopped" && newEnd.stopReason === "end_turn";
    if (isNormalStop && state.kind === "unusable") trouble = brokenAnswer(state.problem);
    else if (newEnd.kind !== "stopped") trouble = error ?? brokenAnswer(newEnd.kind);
  }

  function settle(): void {
    if (decision.kind === "wait") decision = decide({ verdict: reader.state, threshold, end });
  }

  return {
    push(chunk) {
      if (protocol.shippedForm === "verbatim") raw.push(chunk);
      sse.push(chunk);
      if (sse.problem !== null && end === null) {
        finishWith({ kind: "stream_error" }, brokenAnswer(sse.problem));
        settle();
      }
    },
    finish(newEnd) {
      if (end !== null) return;
      finishWith(newEnd, null);
      settle();
    },
    get decision() {
      return decision;
    },
    get verdict() {
      return reader.state;
    },
    get confidence() {
      return reader.state.kind === "reading" ? null : reader.state.confidence;
    },
    threshold,
    get answerBegan() {
      const { state } = reader;
      if (state.kind === "unusable") return state.answerBegan;
      return state.kind === "answering" || state.kind === "complete";
    },
    get end() {
      return end;
    },
    get isFinished() {
      return end !== null;
    },
    get trouble() {
      return trouble;
    },
    get usage() {
      return accumulator.usage;
    },
    get stopReason() {
      return accumulator.stopReason;
    },
    get reportedModel() {
      return accumulator.reportedModel;
    },
    get textBytes() {
      return textBytes;
    },
    get messageStart() {
      return messageStart;
    },
    get messageDelta() {
      return messageDelta;
    },
    get message() {
      return accumulator.message();
    },
    takeAnswerText() {
      const text = answerText;
      answerText = "";
      return text;
    },
    takeRaw() {
      const chunks = raw;
      raw = [];
      return chunks;
    },
    takePing() {
      const had = hasPing;
      hasPing = false;
      return had;
    },
  };
}

function brokenAnswer(detail: string): ApiError {
  return {
    type: "api_error",
    message: `The answer broke off after it had begun (${detail}). Please send the request again.`,
  };
}
