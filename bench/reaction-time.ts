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

/**
 * With nothing else to do: from the write of the chunk that completes a low confidence to the deep
 * request's bytes at the upstream's socket, and from the write of an answer chunk to its arrival at the
 * client. Both times include two hops over loopback, which are not ours.
 */
export async function reactionTimes(
  ours: ServerProcess,
  upstream: TimedUpstream,
  repeats: number,
): Promise<readonly Figure[]> {
  const escalationMs: number[] = [];
  const passingMs: number[] = [];
  let writtenMs = 0;
  let measuresChunk = false;
  const client = await openRawClient(ours.port, () => {
    if (!measuresChunk) return;
    passingMs.push(performance.now() - writtenMs);
    measuresChunk = false;
  });
  const request = rawRequest({
    isStreaming: true,
    headers: { host: `127.0.0.1:${String(ours.port)}` },
  });
  for (let index = 0; index < repeats; index += 1) {
    upstream.answer = (body, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      if (!body.includes('"confidence"')) {
        escalationMs.push(upstream.bytesAtMs - writtenMs);
        response.end(head + textEvent("deep") + tail);
        return;
      }
      response.write(head + textEvent('{"confidence": 0.'));
      setTimeout(() => {
        writtenMs = performance.now();
        response.write(textEvent("3, "));
      }, 3);
    };
    await client.send(request);

    upstream.answer = (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(head + textEvent('{"confidence": 0.95, "answer": "first'));
      setTimeout(() => {
        writtenMs = performance.now();
        measuresChunk = true;
        response.write(textEvent(" second"));
        setTimeout(() => response.end(textEvent('"}') + tail), 2);
      }, 3);
    };
    await client.send(request);
  }
  client.close();
  return [
    ...figures("low confidence → deep request, unloaded", escalationMs),
    ...figures("answer chunk → client, unloaded", passingMs),
  ];
}

function figures(name: string, valuesMs: readonly number[]): readonly Figure[] {
  const settled = valuesMs.slice(Math.floor(valuesMs.length / 2));
  const detail = `${String(settled.length)} repeats after warming up; two loopback hops included`;
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
