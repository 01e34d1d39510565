import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Figure } from "./figure.ts";
import { openRawClient, rawRequest } from "./raw-client.ts";
import { median, noiseOfQuantile, quantile } from "./sample.ts";
import type { ServerProcess } from "./server-process.ts";

/** An upstream in this very process, so that one clock sees both ends. */
export interface TimedUpstream {
  readonly url: string;
  /** Called with each request; writes the response itself. */
  answer: (body: string, response: ServerResponse) => void;
  /** When the latest bytes came in, before anything was made of them. */
  bytesAtMs: number;
  close(): void;
}

export async function startTimedUpstream(): Promise<TimedUpstream> {
  const server = createServer({ noDelay: true }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      upstream.answer(Buffer.concat(chunks).toString("utf8"), response);
    });
  });
  server.keepAliveTimeout = 120_000;
  server.on("connection", (socket) => {
    socket.prependListener("data", () => {
      upstream.bytesAtMs = performance.now();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const upstream: TimedUpstream = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    answer: (_, response) => response.end(),
    bytesAtMs: 0,
    close: () => server.close(),
  };
  return upstream;
}

const head =
  'event: message_start\ndata: {"type":"message_start","message":{"id":"m","type":"message",' +
  '"role":"assistant","model":"claude-haiku-4-5","content":[],"stop_reason":null,' +
  '"stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":1}}}\n\n' +
  'event: content_block_start\ndata: {"type":"content_block_start","index":0,' +
  '"content_block":{"type":"text","text":""}}\n\n';
const tail =
  'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n' +
  'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn",' +
  '"stop_sequence":null},"usage":{"output_tokens":9}}\n\n' +
  'event: message_stop\ndata: {"type":"message_stop"}\n\n';

function textEvent(text: string): string {
  const delta = { type: "text_delta", text };
  const event = { type: "content_block_delta", index: 0, delta };
  return `event: content_block_delta\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Laps before the first that counts, without a pause: a gateway that has nothing to do is seldom new. */
const WARM_UP_LAPS = 1_500;

/** So that what came before is over, in a lap that counts. */
const PAUSE_MS = 3;

/**
 * With nothing else to do: from the write of the chunk that completes a low confidence to the deep
 * request's bytes at the upstream's socket, and from the write of an answer chunk to its arrival at the
 * client. Both include two hops over loopback and the waking of idle processes, which are not ours; so
 * a relay that does nothing but pass bytes on is asked in turns, and its median taken off.
 */
export async function reactionTimes(
  relay: ServerProcess,
  ours: ServerProcess,
  upstream: TimedUpstream,
  repeats: number,
): Promise<readonly Figure[]> {
  const relayClient = await openTimedClient(relay);
  const client = await openTimedClient(ours);
  const toRequestMs: number[] = [];
  const lap = async (pauseMs: number): Promise<void> => {
    upstream.answer = (_, response) => {
      writeAnswer(response, textEvent("first"), relayClient, pauseMs);
    };
    await relayClient.send(pauseMs);

    let decidedMs = 0;
    upstream.answer = (body, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      if (!body.includes('"confidence"')) {
        toRequestMs.push(upstream.bytesAtMs - decidedMs);
        response.end(head + textEvent("deep") + tail);
        return;
      }
      response.write(head + textEvent('{"confidence": 0.'));
      after(pauseMs, () => {
        decidedMs = performance.now();
        response.write(textEvent("3, "));
      });
    };
    await client.send(pauseMs);

    upstream.answer = (_, response) => {
      const first = textEvent('{"confidence": 0.95, "answer": "first');
      writeAnswer(response, first, client, pauseMs);
    };
    await client.send(pauseMs);
  };
  for (let count = 0; count < WARM_UP_LAPS; count += 1) await lap(0);
  for (const times of [toRequestMs, client.toClientMs, relayClient.toClientMs]) times.length = 0;
  for (let count = 0; count < repeats; count += 1) await lap(PAUSE_MS);
  relayClient.close();
  client.close();
  const relayMs = relayClient.toClientMs;
  return [
    ...figures("low confidence → deep request, unloaded", toRequestMs, relayMs),
    ...figures("answer chunk → client, unloaded", client.toClientMs, relayMs),
  ];
}

interface TimedClient {
  /** From the write of an answer chunk to its arrival, in milliseconds; two hops included. */
  readonly toClientMs: number[];
  /** When the chunk was written whose arrival counts; null = none is awaited. */
  chunkAtMs: number | null;
  send(pauseMs: number): Promise<void>;
  close(): void;
}

async function openTimedClient(server: ServerProcess): Promise<TimedClient> {
  const toClientMs: number[] = [];
  const raw = await openRawClient(server.port, () => {
    if (client.chunkAtMs === null) return;
    toClientMs.push(performance.now() - client.chunkAtMs);
    client.chunkAtMs = null;
  });
  const request = rawRequest({
    isStreaming: true,
    headers: { host: `127.0.0.1:${String(server.port)}` },
  });
  const client: TimedClient = {
    toClientMs,
    chunkAtMs: null,
    send: async (pauseMs) => {
      await new Promise<void>((resolve) => {
        after(pauseMs, resolve);
      });
      await raw.send(request);
    },
    close: () => {
      raw.close();
    },
  };
  return client;
}

/** Two chunks, of which the second is timed. */
function writeAnswer(
  response: ServerResponse,
  first: string,
  client: TimedClient,
  pauseMs: number,
): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(head + first);
  after(pauseMs, () => {
    client.chunkAtMs = performance.now();
    response.write(textEvent(" second"));
    after(pauseMs, () => response.end(textEvent('"}') + tail));
  });
}

/** 0 = in the next turn of the event loop. */
function after(pauseMs: number, work: () => void): void {
  if (pauseMs === 0) setImmediate(work);
  else setTimeout(work, pauseMs);
}

function figures(
  name: string,
  withHopsMs: readonly number[],
  relayMs: readonly number[],
): readonly Figure[] {
  const hopsMs = median(relayMs);
  const both = (values: readonly number[]): string =>
    [0.5, 0.99].map((share) => quantile(values, share).toFixed(2)).join(" / ");
  const detail =
    `${String(withHopsMs.length)} repeats after ${String(WARM_UP_LAPS)} to warm up, median / p99: measured ${both(withHopsMs)} ms, ` +
    `of which the median of two loopback hops is taken off; a bare relay takes ${both(relayMs)} ms`;
  const figure = (what: string, share: number, limit: number): Figure => ({
    name: `${name}: ${what}`,
    value: quantile(withHopsMs, share) - hopsMs,
    noise: noiseOfQuantile(withHopsMs, share),
    limit,
    unit: "ms",
    detail,
  });
  return [figure("median", 0.5, 0.3), figure("p99", 0.99, 2)];
}
