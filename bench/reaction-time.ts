import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Figure } from "./figure.ts";
import { openRawClient, rawRequest } from "./raw-client.ts";
import { noiseOf, quantile } from "./sample.ts";
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

/** What one server takes for both, in milliseconds; two hops over loopback included. */
interface ReactionTimes {
  /** From what decides to the bytes of the request that follows from it, at the upstream's socket. */
  readonly toRequestMs: number[];
  /** From the write of an answer chunk to its arrival at the client. */
  readonly toClientMs: number[];
}

/**
 * With nothing else to do: from the write of the chunk that completes a low confidence to the deep
 * request's bytes at the upstream's socket, and from the write of an answer chunk to its arrival at the
 * client. Both include two hops over loopback and the waking of idle processes, which are not ours; so
 * the floor is asked in turns for the same hops: its request follows from the client's whole one.
 */
export async function reactionTimes(
  floor: ServerProcess,
  ours: ServerProcess,
  upstream: TimedUpstream,
  repeats: number,
): Promise<readonly Figure[]> {
  const floorClient = await openTimedClient(floor);
  const client = await openTimedClient(ours);
  for (let index = 0; index < repeats; index += 1) {
    upstream.answer = (_, response) => {
      floorClient.times.toRequestMs.push(upstream.bytesAtMs - floorClient.sentAtMs);
      writeAnswer(response, textEvent("first"), floorClient);
    };
    await floorClient.send();

    let decidedMs = 0;
    upstream.answer = (body, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      if (!body.includes('"confidence"')) {
        client.times.toRequestMs.push(upstream.bytesAtMs - decidedMs);
        response.end(head + textEvent("deep") + tail);
        return;
      }
      response.write(head + textEvent('{"confidence": 0.'));
      setTimeout(() => {
        decidedMs = performance.now();
        response.write(textEvent("3, "));
      }, PAUSE_MS);
    };
    await client.send();

    upstream.answer = (_, response) => {
      writeAnswer(response, textEvent('{"confidence": 0.95, "answer": "first'), client);
    };
    await client.send();
  }
  floorClient.close();
  client.close();
  const both = (part: keyof ReactionTimes) =>
    [floorClient.times[part], client.times[part]] as const;
  return [
    ...figures("low confidence → deep request, unloaded", ...both("toRequestMs")),
    ...figures("answer chunk → client, unloaded", ...both("toClientMs")),
  ];
}

/** So that what came before is over. */
const PAUSE_MS = 3;

interface TimedClient {
  readonly times: ReactionTimes;
  /** When the latest request was written. */
  sentAtMs: number;
  /** When the chunk was written whose arrival counts; null = none is awaited. */
  chunkAtMs: number | null;
  send(): Promise<void>;
  close(): void;
}

async function openTimedClient(server: ServerProcess): Promise<TimedClient> {
  const times: ReactionTimes = { toRequestMs: [], toClientMs: [] };
  const raw = await openRawClient(server.port, () => {
    if (client.chunkAtMs === null) return;
    times.toClientMs.push(performance.now() - client.chunkAtMs);
    client.chunkAtMs = null;
  });
  const request = rawRequest({
    isStreaming: true,
    headers: { host: `127.0.0.1:${String(server.port)}` },
  });
  const client: TimedClient = {
    times,
    sentAtMs: 0,
    chunkAtMs: null,
    send: async () => {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      client.sentAtMs = performance.now();
      await raw.send(request);
    },
    close: () => {
      raw.close();
    },
  };
  return client;
}

/** Two chunks, of which the second is timed. */
function writeAnswer(response: ServerResponse, first: string, client: TimedClient): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(head + first);
  setTimeout(() => {
    client.chunkAtMs = performance.now();
    response.write(textEvent(" second"));
    setTimeout(() => response.end(textEvent('"}') + tail), 2);
  }, PAUSE_MS);
}

function figures(
  name: string,
  floorMs: readonly number[],
  oursMs: readonly number[],
): readonly Figure[] {
  const settled = oursMs.slice(Math.floor(oursMs.length / 2));
  const floor = floorMs.slice(Math.floor(floorMs.length / 2));
  const hops = [0.5, 0.99].map((share) => quantile(floor, share).toFixed(2)).join(" / ");
  const detail =
    `${String(settled.length)} repeats after warming up; two loopback hops included, ` +
    `which take the floor ${hops} ms (median / p99)`;
  const noise = noiseOf(settled);
  return [
    {
      name: `${name}: median`,
      value: quantile(settled, 0.5),
      noise,
      limit: 0.3,
      unit: "ms",
      detail,
    },
    { name: `${name}: p99`, value: quantile(settled, 0.99), noise, limit: 2, unit: "ms", detail },
  ];
}
