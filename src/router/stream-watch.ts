import { createMessageAccumulator } from "../messages/message-accumulator.ts";
import type { ApiError, BlockDelta, Message } from "../messages/message.ts";
import { createSseReader } from "../messages/sse-reader.ts";
import { readStreamEvent } from "../messages/stream-event.ts";
import { createUsageTap, type UsageTap } from "../messages/usage-tap.ts";
import type { AttemptEnd } from "./attempt-log.ts";

/** What a passing stream tells about itself. */
export interface StreamWatch {
  /** Why the stream cannot be read, so that HTTP alone says whether it is whole; null when it can. */
  blindness(): "compressed" | "frame_too_large" | null;
  push(chunk: Uint8Array): void;
  /** The message's last event, or an error event, has come. */
  isEnding(): boolean;
  error(): ApiError | null;
  end(): Omit<AttemptEnd, "outcome">;
  message(): Message | null;
}

/** The cheap way: reads only the events that carry counts. */
export function watchUsage(): StreamWatch {
  const tap: UsageTap = createUsageTap();
  return {
    blindness: () => tap.problem,
    push: (chunk) => {
      tap.push(chunk);
    },
    isEnding: () => tap.isStopped || tap.error !== null,
    error: () => tap.error,
    end: () => ({
      usage: tap.usage,
      stopReason: tap.stopReason,
      reportedModel: tap.reportedModel,
      answerBytes: tap.outputTextBytes,
    }),
    message: () => null,
  };
}

/** The full way, when the answer itself is wanted afterwards. */
export function watchMessage(): StreamWatch {
  const accumulator = createMessageAccumulator();
  let answerBytes = 0;
  const reader = createSseReader((frame) => {
    const event = readStreamEvent(frame);
    if (!event.ok) return;
    if (event.value.type === "content_block_delta") answerBytes += deltaBytes(event.value.delta);
    accumulator.push(event.value);
  });
  return {
    blindness: () => reader.problem,
    push: (chunk) => {
      reader.push(chunk);
    },
    isEnding: () => accumulator.isComplete || accumulator.error !== null,
    error: () => accumulator.error,
    end: () => ({
      usage: accumulator.usage,
      stopReason: accumulator.stopReason,
      reportedModel: accumulator.reportedModel,
      answerBytes,
    }),
    message: () => accumulator.message(),
  };
}

/** For upstreams that compress although they were asked not to: nothing is learned. */
export function watchNothing(): StreamWatch {
  return {
    blindness: () => "compressed",
    push: () => undefined,
    isEnding: () => false,
    error: () => null,
    end: () => ({}),
    message: () => null,
  };
}

/** Bytes of what the model wrote, without the JSON around it. */
function deltaBytes({ text, thinking, partial_json: json }: BlockDelta): number {
  return Buffer.byteLength(text ?? thinking ?? json ?? "");
}
