/**
 * The one upstream of all measurements, a process of its own: answers at once, with as little work
 * as can be, so that what is measured is what stands in front of it.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const EVENTS = 20;

const jsonBody = Buffer.from(
  JSON.stringify({
    id: "msg_bench",
    type: "message",
    role: "assistant",
    model: "claude-opus-4-7",
    content: [{ type: "text", text: "w ".repeat(900) }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 480, output_tokens: 900 },
  }),
);

const plainEvents = plainStream(EVENTS);
const confidentEvents = confidentStream(EVENTS);

const server = createServer({ noDelay: true }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    const isStreaming = body.includes('"stream":true');
    if (!isStreaming) {
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": jsonBody.length,
        "request-id": "req_bench",
      });
      response.end(jsonBody);
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream", "request-id": "req_bench" });
    const isTriage = body.includes('"confidence"');
    const events = isTriage ? confidentEvents : plainEvents;
    const paceMs = Number(request.headers["x-bench-pace-ms"] ?? "0");
    if (paceMs > 0) {
      const count = Number(request.headers["x-bench-events"] ?? EVENTS);
      const paced = isTriage ? confidentStream(count) : plainStream(count);
      writePaced(response, withEndInOnePacket(paced), paceMs);
    } else writeOneByOne(response, events, 0);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});

/** Each event in a turn of its own: a model's tokens never come in one packet. */
function writeOneByOne(response: ServerResponse, events: readonly Buffer[], next: number): void {
  const event = events[next];
  if (event === undefined) {
    response.end();
    return;
  }
  response.write(event);
  setImmediate(() => {
    writeOneByOne(response, events, next + 1);
  });
}

function writePaced(response: ServerResponse, events: readonly Buffer[], paceMs: number): void {
  let next = 0;
  const timer = setInterval(() => {
    const event = events[next];
    next += 1;
    if (event === undefined) {
      clearInterval(timer);
      response.end();
    } else response.write(event);
  }, paceMs);
  response.on("close", () => {
    clearInterval(timer);
  });
}

/** What ends a message is no token: a model's server sends it right behind the last one. */
function withEndInOnePacket(events: readonly Buffer[]): readonly Buffer[] {
  return [...events.slice(0, -4), Buffer.concat(events.slice(-4))];
}

/** So many events in all: five around the text. */
function plainStream(count: number): readonly Buffer[] {
  return streamOf(Array.from({ length: count - 5 }, () => "some words of an answer "));
}

/** The same as a verdict that ships. */
function confidentStream(count: number): readonly Buffer[] {
  const words = Array.from({ length: count - 7 }, () => "some words of an answer ");
  return streamOf(['{"confidence": 0.95, "answer": "', ...words, '"}']);
}

function streamOf(texts: readonly string[]): readonly Buffer[] {
  const message = {
    id: "msg_bench",
    type: "message",
    role: "assistant",
    model: "claude-haiku-4-5-20251001",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 480, output_tokens: 1 },
  };
  const events: object[] = [
    { type: "message_start", message },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    ...texts.map((text) => ({
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text },
    })),
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: 120 },
    },
    { type: "message_stop" },
  ];
  return events.map((event) =>
    Buffer.from(`event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`),
  );
}
