import { afterEach, describe, expect, test } from "vitest";
import { ask, call, readAnswer } from "../harness/call.ts";
import { openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

/** The outcome comes after the stream has been opened: the triage hangs for a while. */
async function slowStack(): Promise<Stack> {
  return openStack({
    server: { earlyOpenMs: 60 },
    route: { limits: { triageTimeoutMs: 250 } },
  });
}

describe("a stream whose outcome is slow to come", () => {
  test("is opened early as pending, pings, and then carries the answer", async () => {
    stack = await slowStack();
    const response = await call(stack.url, {
      body: ask("Slow [task:faq#1]", true),
      headers: { "x-simulate": "triage:hang" },
    });
    expect(response.headers["x-leadsman-decision"]).toBe("pending");
    expect(response.body.toString("utf8").startsWith("event: ping\n")).toBe(true);
    expect(readAnswer(response)).toMatchObject({ error: null, stopReason: "end_turn" });
    const record = await stack.record(String(response.headers["x-leadsman-id"]));
    expect(record).toMatchObject({ decision: "escalated", reason: "triage_timeout" });
  });

  test("tells a later upstream error as an event of upstream's type", async () => {
    stack = await slowStack();
    const response = await call(stack.url, {
      body: ask("Slow [task:faq#1]", true),
      headers: { "x-simulate": "triage:hang,deep:status=529" },
    });
    expect(response.status).toBe(200);
    expect(readAnswer(response).error).toBe("overloaded_error");
  });

  test("a client that does not stream waits for the outcome", async () => {
    stack = await slowStack();
    const response = await call(stack.url, {
      body: ask("Slow [task:faq#1]", false),
      headers: { "x-simulate": "triage:hang,deep:status=529" },
    });
    expect(response.status).toBe(529);
  });
});
