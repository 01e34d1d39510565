import { ERROR_STATUS } from "../../messages/error-envelope.ts";
import { createMessageAccumulator } from "../../messages/message-accumulator.ts";
import type { ApiError, Message } from "../../messages/message.ts";
import { createSseReader, type SseFrame } from "../../messages/sse-reader.ts";
import { readStreamEvent } from "../../messages/stream-event.ts";
import type { HttpHeaders } from "../../providers/provider.ts";
import { CascadeApiError } from "./cascade-api-error.ts";
import { closedError } from "./cascade-engine.ts";
import type { CascadeStreamEvent } from "./cascade-stream.ts";
import type { ResponseConsumer } from "./in-process-call.ts";
import type { Receipt } from "./receipt.ts";
import { responseError } from "./response-error.ts";

export interface StreamReadingSink {
  /** The answer begins. */
  onOpen(): void;
  /** @param bytes size of its data */
  onEvent(event: CascadeStreamEvent, bytes: number): void;
  /** What comes cannot be understood: the call should be left. */
  onUnreadable(): void;
  /** Whether more may come for now. */
  wantsMore(): boolean;
}

/** Makes events and, in the end, a message of a response. */
export interface StreamReading extends ResponseConsumer {
  /** The response is complete, well or not. */
  readonly hasEnded: boolean;
  /** What the whole response comes to, once the call is over. */
  outcome(requestId: string, receipt: Receipt | null): Message | Error;
}

export function createStreamReading(sink: StreamReadingSink): StreamReading {
  const accumulator = createMessageAccumulator();
  const body: Uint8Array[] = [];
  let head: ResponseHead = { status: 0, headers: {} };
  let isStream = false;
  let end: "ended" | "broken" | null = null;
  let trouble: ApiError | null = null;
  const reader = createSseReader((frame) => {
    if (trouble === null) takeFrame(frame);
  });

  function takeFrame(frame: SseFrame): void {
    const read = readStreamEvent(frame);
    if (!read.ok) {
      spoil(read.problem.message);
      return;
    }
    accumulator.push(read.value);
    const event = read.value;
    if (event.type === "error") trouble = event.error;
    else if (event.type !== "ping" && event.type !== "unknown") {
      sink.onEvent(event, frame.data.length);
    }
  }
  function spoil(detail: string): void {
    trouble = { type: "api_error", message: `The stream cannot be read (${detail}).` };
    sink.onUnreadable();
  }

  return {
    onHead: (status, headers) => {
      head = { status, headers };
      isStream = status === 200 && isEventStream(headers);
      if (isStream) sink.onOpen();
    },
    onChunk: (chunk) => {
      if (isStream) reader.push(chunk);
      else body.push(chunk);
      if (reader.problem !== null && trouble === null) spoil(reader.problem);
      return sink.wantsMore();
    },
    onEnd: () => {
      end = "ended";
    },
    onBroken: () => {
      end = "broken";
    },
    get hasEnded() {
      return end !== null;
    },
    outcome: (requestId, receipt) => {
      const { headers } = head;
      const broken = { code: "answer_broken", requestId, receipt, headers } as const;
      if (trouble !== null) {
        return new CascadeApiError({ ...broken, ...trouble, status: statusOf(trouble) });
      }
      if (end === null) return closedError();
      const whole = { ...head, body: Buffer.concat(body), isBroken: end === "broken" };
      const message = isStream ? accumulator.message() : null;
      return message ?? responseError(whole, requestId, receipt);
    },
  };
}

interface ResponseHead {
  readonly status: number;
  readonly headers: HttpHeaders;
}

function isEventStream(headers: HttpHeaders): boolean {
  const type = headers["content-type"];
  return typeof type === "string" && type.startsWith("text/event-stream");
}

function statusOf({ type }: ApiError): number {
  const statuses: Readonly<Record<string, number>> = ERROR_STATUS;
  return statuses[type] ?? ERROR_STATUS.api_error;
}
