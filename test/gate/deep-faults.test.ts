import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, call, readAnswer } from "../harness/call.ts";
import { openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await openStack({
    provider: { timeouts: { firstByteMs: 300, idleMs: 300 } },
    route: { limits: { triageTimeoutMs: 200 } },
  });
});
afterAll(async () => {
  await stack.close();
});

/** A triage that is unsure, so that the deep model is asked. */
const UNSURE = `triage:text=${encodeURIComponent('{"confidence":0.3,"answer":null}')}`;

async function askDeep(fault: string, isStreaming: boolean) {
  const firstCall = stack.upstream.calls().length;
  const response = await call(stack.url, {
    body: ask("Prove it. [task:multi_step_math#1]", isStreaming),
    headers: { "x-simulate": `${UNSURE},deep:${fault}` },
  });
  const record = await stack.record(String(response.headers["x-leadsman-id"]));
  const models = stack.upstream
    .calls()
    .slice(firstCall)
    .map(({ model }) => model);
  return { response, record, models };
}

describe("an upstream error of the deep call", () => {
  test.each([400, 401, 429, 500, 529])(
    "status %i reaches the client as it was, and is not retried",
    async (status) => {
      // The same call without a gateway in between tells what the bytes must be.
      const direct = await call(stack.upstream.url, {
        body: ask("Prove it. [task:multi_step_math#1]"),
        headers: { "x-simulate": `status=${String(status)}` },
      });
      const { response, record, models } = await askDeep(`status=${String(status)}`, false);
      expect(response.status).toBe(status);
      expect(withoutIds(response.body)).toEqual(withoutIds(direct.body));
      expect(response.headers["content-type"]).toBe(direct.headers["content-type"]);
      expect(response.headers["retry-after"]).toBe(direct.headers["retry-after"]);
      expect(response.headers["request-id"]).toMatch(/^req_sim_/);
      expect(models).toEqual(["claude-haiku-4-5", "claude-opus-4-7"]);
      expect(record).toMatchObject({ status, decision: "escalated", tier: null });
      expect(record.attempts[1]).toMatchObject({ outcome: "http_error", costNanoUsd: 0n });
    },
  );

  test("a draft below the threshold never ships in its place", async () => {
    const draft = encodeURIComponent('{"confidence":0.79,"answer":"draft text"}');
    const response = await call(stack.url, {
      body: ask("Prove it. [task:multi_step_math#1]"),
      headers: { "x-simulate": `triage:text=${draft},deep:status=529` },
    });
    expect(response.status).toBe(529);
    expect(response.body.toString()).not.toContain("draft text");
  });
});

describe("a deep call without an answer", () => {
  test("no byte within the limit: 504, once", async () => {
    const { response, record, models } = await askDeep("hang", false);
    expect(response.status).toBe(504);
    expect(readAnswer(response).error).toBe("timeout_error");
    expect(models).toHaveLength(2);
    expect(record.attempts[1]).toMatchObject({
      outcome: "failed",
      failureCode: "first_byte_timeout",
      isEstimated: true,
    });
  });

  test("a connection lost before any byte is tried once more, and both tries are booked", async () => {
    const { response, record, models } = await askDeep("die-before-head", false);
    expect(response.status).toBe(502);
    expect(models).toEqual(["claude-haiku-4-5", "claude-opus-4-7", "claude-opus-4-7"]);
    expect(record.attempts.map(({ outcome }) => outcome)).toEqual(["aborted", "failed", "failed"]);
  });

  test.each(["die-mid-answer", "stall-mid-answer"])(
    "%s: a stream that broke ends in an error event, never clean",
    async (fault) => {
      const { response, record } = await askDeep(fault, true);
      const answer = readAnswer(response);
      expect(response.status).toBe(200);
      expect(answer.text).not.toBe("");
      expect(answer.error).toBe("api_error");
      expect(record.attempts[1]).toMatchObject({ outcome: "failed", isEstimated: true });
      expect(record.attempts[1]?.tokens.outputTokens).toBeGreaterThan(0);
    },
  );

  // The events of the simulated answer are about a hundred bytes long.
  test.each([400, 425, 450, 475, 500, 525])(
    "a stream cut after %i bytes: whole events, then the error, and not a byte of half an event",
    async (bytes) => {
      const { response } = await askDeep(`die-after=${String(bytes)}`, true);
      const events = response.body
        .toString("utf8")
        .split("\n\n")
        .filter((text) => text.trim() !== "");
      const last = events.pop();
      expect(events.length).toBeGreaterThan(0);
      for (const event of events) {
        const [, name = "", data = ""] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
        expect(JSON.parse(data)).toMatchObject({ type: name });
      }
      expect(last?.trim()).toMatch(/^event: error\ndata: \{"type":"error",/);
    },
  );

  test("upstream's own error event passes through and is booked as such", async () => {
    const { response, record } = await askDeep("error-mid-answer", true);
    expect(readAnswer(response).error).toBe("overloaded_error");
    expect(record.attempts[1]).toMatchObject({
      outcome: "stream_error",
      failureCode: "overloaded_error",
    });
  });
});

/** Ids differ from call to call. */
function withoutIds(body: Buffer): string {
  return body.toString("utf8").replaceAll(/req_sim_[0-9a-f]+/g, "req_sim_");
}
