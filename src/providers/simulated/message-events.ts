import type { Message, StreamEvent } from "../../messages/message.ts";
import { charactersBefore, THINKING_SIGNATURE, wholeCharacters } from "./simulate-message.ts";
import type { SimulatedMessage } from "./simulate-message.ts";
import type { FaultPlace } from "./simulated-fault.ts";

/** An event of a stream and how long after the one before it comes. */
export interface TimedEvent {
  readonly event: StreamEvent;
  readonly afterMs: number;
}

/** About three tokens, what the API often puts into one event. */
const DEFAULT_CHARACTERS_PER_DELTA = 12;

/**
 * The events of a streamed message, in the API's order.
 *
 * @param cut ends the list there, with nothing after it; for calls that break
 */
export function messageEvents(
  simulated: SimulatedMessage,
  charactersPerDelta: number = DEFAULT_CHARACTERS_PER_DELTA,
  cut: FaultPlace | null = null,
): readonly TimedEvent[] {
  const { message } = simulated;
  const events: TimedEvent[] = [{ event: startOf(message), afterMs: 0 }];
  if (cut === "start") return events;
  message.content.forEach((block, index) => {
    if (block.type === "thinking") events.push(...thinkingBlock(index));
    else events.push(...textBlock(index, simulated, charactersPerDelta, cut));
  });
  if (cut === "verdict" || cut === "answer") return events;
  const { input_tokens: input, output_tokens: output } = message.usage;
  const { stop_reason, stop_sequence } = message;
  const details = "stop_details" in message ? { stop_details: message["stop_details"] } : {};
  events.push(
    now({
      type: "message_delta",
      delta: { stop_reason, stop_sequence, ...details },
      usage: { input_tokens: input, output_tokens: output },
    }),
    now({ type: "message_stop" }),
  );
  return events;
}

/** An event as it goes over the wire. */
export function encodeEvent(event: StreamEvent): Uint8Array {
  return Buffer.from(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function startOf(message: Message): StreamEvent {
  const { stop_details: _details, ...rest } = message;
  return {
    type: "message_start",
    message: {
      ...rest,
      id: message.id,
      type: "message",
      role: "assistant",
      model: message.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...message.usage, output_tokens: 1 },
    },
  };
}

function thinkingBlock(index: number): readonly TimedEvent[] {
  return [
    now({
      type: "content_block_start",
      index,
      content_block: { type: "thinking", thinking: "", signature: "" },
    }),
    now({
      type: "content_block_delta",
      index,
      delta: { type: "signature_delta", signature: THINKING_SIGNATURE },
    }),
    now({ type: "content_block_stop", index }),
  ];
}

function textBlock(
  index: number,
  { text, firstTokenMs, outputTokensPerSecond }: SimulatedMessage,
  charactersPerDelta: number,
  cut: FaultPlace | null,
): readonly TimedEvent[] {
  const isCut = cut === "verdict" || cut === "answer";
  const written = isCut ? wholeCharacters(text.slice(0, charactersBefore(cut, text))) : text;
  const events: TimedEvent[] = [
    now({ type: "content_block_start", index, content_block: { type: "text", text: "" } }),
    now({ type: "ping" }),
  ];
  pieces(written, charactersPerDelta).forEach((piece, i) => {
    const writingMs = (Buffer.byteLength(piece) / 4 / outputTokensPerSecond) * 1_000;
    events.push({
      event: {
        type: "content_block_delta",
        index,
        delta: { type: "text_delta", text: piece },
      },
      // The head goes out before the first token is there; see HEAD_SHARE of the exchange.
      afterMs: i === 0 ? firstTokenMs * (1 - HEAD_SHARE) : writingMs,
    });
  });
  if (!isCut) events.push(now({ type: "content_block_stop", index }));
  return events;
}

/** Part of the time to the first token after which the response head and `message_start` go out. */
export const HEAD_SHARE = 0.8;

function now(event: StreamEvent): TimedEvent {
  return { event, afterMs: 0 };
}

/** Pieces of so many characters; a character outside the basic plane stays whole. */
function pieces(text: string, charactersPerDelta: number): readonly string[] {
  const characters = Array.from(text);
  const found: string[] = [];
  for (let at = 0; at < characters.length; at += charactersPerDelta) {
    found.push(characters.slice(at, at + charactersPerDelta).join(""));
  }
  return found;
}
