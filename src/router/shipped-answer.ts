import type { Message } from "../messages/message.ts";
import { writeStreamEvent, writeTextDelta } from "../messages/stream-event.ts";
import { createWholeFrames } from "../messages/whole-frames.ts";
import type { HttpHeaders, UpstreamHead } from "../providers/provider.ts";
import { invariant } from "../support/invariant.ts";
import type { ClientResponse } from "./client-response.ts";
import type { ShippedAnswer } from "./triage-call.ts";
import type { TriageReading } from "./triage-reading.ts";

/** A shipped answer on its way to the client. */
export interface ShippingAnswer extends ShippedAnswer {
  /** What is held back until the record is committed. Ask once, when the triage has ended. */
  rest(reading: TriageReading): HeldRest;
}

export interface HeldRest {
  readonly bytes: number;
  /** Sends it and ends the response. */
  send(): void;
}

/** Makes the client's headers from those of the attempt that answers. */
export type HeadersFor = (head: UpstreamHead) => HttpHeaders;

/**
 * Streams the decoded answer as one text block between upstream's own `message_start` and
 * `message_delta`, so that id, model and usage are the answering attempt's.
 */
export function shipAsStream(response: ClientResponse, headersFor: HeadersFor): ShippingAnswer {
  const advance = (reading: TriageReading): void => {
    if (reading.takePing()) response.write(writeStreamEvent({ type: "ping" }));
    const text = reading.takeAnswerText();
    if (text === "") return;
    response.write(writeTextDelta(0, text));
  };
  return {
    begin(head, reading) {
      response.open(200, headersFor(head));
      const block = { type: "text", text: "" } as const;
      const start = reading.messageStart === null ? "" : writeStreamEvent(reading.messageStart);
      response.write(
        start + writeStreamEvent({ type: "content_block_start", index: 0, content_block: block }),
      );
      advance(reading);
    },
    advance,
    rest(reading) {
      const delta = reading.messageDelta;
      const events =
        writeStreamEvent({ type: "content_block_stop", index: 0 }) +
        (delta === null ? "" : writeStreamEvent(delta)) +
        writeStreamEvent({ type: "message_stop" });
      return streamRest(response, [Buffer.from(events, "utf8")]);
    },
  };
}

/** Streams upstream's bytes in whole frames; the chunk that ends the message is held back. */
export function shipVerbatim(response: ClientResponse, headersFor: HeadersFor): ShippingAnswer {
  const frames = createWholeFrames();
  const advance = (reading: TriageReading): void => {
    if (reading.isFinished) return;
    for (const chunk of reading.takeRaw()) {
      const whole = frames.push(chunk);
      if (whole !== null) response.write(whole);
    }
  };
  return {
    begin(head, reading) {
      response.open(200, headersFor(head));
      advance(reading);
    },
    advance,
    rest: (reading) => {
      const begun = frames.takeRest();
      return streamRest(response, [...(begun === null ? [] : [begun]), ...reading.takeRaw()]);
    },
  };
}

/** Gathers the answer for a client that does not stream; nothing is sent before it is complete. */
export function shipAsMessage(
  response: ClientResponse,
  headersFor: HeadersFor,
  form: "answer" | "verbatim",
): ShippingAnswer {
  let head: UpstreamHead | null = null;
  let answer = "";
  const advance = (reading: TriageReading): void => {
    answer += reading.takeAnswerText();
  };
  return {
    begin(newHead, reading) {
      head = newHead;
      advance(reading);
    },
    advance,
    rest(reading) {
      invariant(head !== null && reading.message !== null, "a shipped message is complete");
      const upstream = reading.message;
      const content = [{ type: "text", text: answer }] as const;
      const message: Message = form === "verbatim" ? upstream : { ...upstream, content };
      const headers = { ...headersFor(head), "content-type": "application/json" };
      const body = Buffer.from(JSON.stringify(message), "utf8");
      return {
        bytes: body.length,
        send: () => {
          response.send(200, headers, body);
        },
      };
    },
  };
}

function streamRest(response: ClientResponse, chunks: readonly Uint8Array[]): HeldRest {
  return {
    bytes: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    send: () => {
      for (const chunk of chunks) response.write(chunk);
      response.end();
    },
  };
}
