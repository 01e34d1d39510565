import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, call, readAnswer, type RawResponse } from "../harness/call.ts";
import { openStack, type Stack } from "../harness/open-stack.ts";

/** An upstream whose way to end a body each test plays. */
let upstream: Server;
let stack: Stack;
let play: (response: ServerResponse) => void;
let connections = 0;

beforeAll(async () => {
  upstream = createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      play(response);
    });
  });
  upstream.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const { port } = upstream.address() as AddressInfo;
  stack = await openStack({ provider: { baseUrl: `http://127.0.0.1:${String(port)}` } });
});
afterAll(async () => {
  await stack.close();
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
});

function event(type: string, members: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-6",
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 1 },
};

const ANSWER =
  event("message_start", { message: MESSAGE }) +
  event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }) +
  event("content_block_delta", { index: 0, delta: { type: "text_delta", text: "Grüße" } }) +
  event("content_block_stop", { index: 0 }) +
  event("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 20 } }) +
  event("message_stop");
const OVERLOADED = event("error", { error: { type: "overloaded_error", message: "Too busy." } });

/** A model that no route is for: its answer passes through. */
function askThrough(): Promise<RawResponse> {
  return call(stack.url, { body: { ...ask("Say it.", true), model: "claude-sonnet-4-6" } });
}

async function attemptOf(response: RawResponse) {
  const { attempts } = await stack.record(String(response.headers["x-leadsman-id"]));
  expect(attempts).toHaveLength(1);
  return attempts[0];
}

describe("an upstream that leaves the body of a whole message open", () => {
  test("does not keep the client waiting, and loses its connection", async () => {
    const closed = new Promise<void>((resolve) => {
      play = (response) => {
        response.on("close", resolve);
        response.write(ANSWER);
      };
    });
    const response = await askThrough();
    expect(response.body.toString()).toBe(ANSWER);
    expect(await attemptOf(response)).toMatchObject({
      outcome: "completed",
      isEstimated: false,
      tokens: { inputTokens: 10, outputTokens: 20 },
    });
    await closed;
  });

  test("keeps its connection when the body ends soon", async () => {
    const ended: Promise<void>[] = [];
    play = (response) => {
      response.write(ANSWER);
      ended.push(
        new Promise((resolve) => {
          setTimeout(() => response.end(resolve), 20);
        }),
      );
    };
    const before = connections;
    for (let count = 0; count < 3; count += 1) {
      expect((await askThrough()).body.toString()).toBe(ANSWER);
      await Promise.all(ended);
      // The end is on its way to the gateway, which has the connection back once it has read it.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(connections - before).toBe(1);
  });

  test("does not either after an error event, which is the last of its message", async () => {
    play = (response) => response.write(OVERLOADED);
    const response = await askThrough();
    expect(response.body.toString()).toBe(OVERLOADED);
    expect(await attemptOf(response)).toMatchObject({
      outcome: "stream_error",
      failureCode: "overloaded_error",
    });
  });
});

describe("what comes after message_stop is no part of the answer", () => {
  test.each([
    ["pings and blank lines", "\n\n" + event("ping") + ": comment\n\n"],
    ["half an event", "event: pi"],
    ["an error", OVERLOADED],
  ])("%s, however the stream is cut", async (_name, behind) => {
    const bytes = Buffer.from(ANSWER + behind);
    const stop = Buffer.byteLength(ANSWER);
    const cuts = [bytes.length, stop, stop - 1, stop + 1, stop - 20];
    for (const cut of cuts) {
      play = (response) => {
        response.write(bytes.subarray(0, cut));
        setTimeout(() => response.end(bytes.subarray(cut)), 10);
      };
      const response = await askThrough();
      expect(response.body.toString()).toBe(ANSWER);
      expect(await attemptOf(response)).toMatchObject({ outcome: "completed", failureCode: null });
    }
  });

  test("nor is a connection that dies", async () => {
    play = (response) => {
      response.write(ANSWER, () => response.destroy());
    };
    const response = await askThrough();
    expect(readAnswer(response)).toEqual({ text: "Grüße", stopReason: "end_turn", error: null });
    expect(await attemptOf(response)).toMatchObject({ outcome: "completed", failureCode: null });
  });
});
