import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { ask, call } from "../harness/call.ts";
import { openStack } from "../harness/open-stack.ts";

const ANSWER = gzipSync(
  JSON.stringify({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-6",
    content: [{ type: "text", text: "Grüße" }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 20 },
  }),
);

test("an answer that upstream compresses all the same is passed on as it is, and counted", async () => {
  const upstream = createServer((request, response) => {
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    request.resume().on("end", () => response.writeHead(200, headers).end(ANSWER));
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const { port } = upstream.address() as AddressInfo;
  const stack = await openStack({ provider: { baseUrl: `http://127.0.0.1:${String(port)}` } });
  try {
    const response = await call(stack.url, {
      body: { ...ask("Say it."), model: "claude-sonnet-4-6" },
    });
    expect([response.status, response.headers["content-encoding"]]).toEqual([200, "gzip"]);
    expect(response.body.equals(ANSWER)).toBe(true);
    const record = await stack.record(String(response.headers["x-leadsman-id"]));
    expect(record).toMatchObject({
      stopReason: "end_turn",
      attempts: [
        {
          outcome: "completed",
          isEstimated: false,
          tokens: { inputTokens: 10, outputTokens: 20 },
          costNanoUsd: 330_000n,
        },
      ],
    });
  } finally {
    await stack.close();
    await new Promise((resolve) => upstream.close(resolve));
  }
});
