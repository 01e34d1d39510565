import { afterEach, describe, expect, test } from "vitest";
import { ask, call, readAnswer, type RawResponse } from "../harness/call.ts";
import { openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

function envelopeOf({ body }: RawResponse): unknown {
  return JSON.parse(body.toString("utf8"));
}

describe("an error of the gateway's own", () => {
  test.each([
    ["/v1/messages", { model: "leadsman/none" }, 404, "not_found_error"],
    ["/v1/messages/count_tokens", { model: "leadsman/none" }, 404, "not_found_error"],
    ["/v1/messages", { max_tokens: "many" }, 400, "invalid_request_error"],
  ])("%s %j has exactly Anthropic's members", async (path, members, status, type) => {
    stack = await openStack();
    const response = await call(stack.url, { path, body: { ...ask("Hi"), ...members } });
    expect(response.status).toBe(status);
    expect(envelopeOf(response)).toEqual({
      type: "error",
      error: { type, message: expect.any(String) as string },
      request_id: expect.stringMatching(/^req_/) as string,
    });
  });

  test("a token count whose body can be read in two ways cannot carry a virtual name", async () => {
    stack = await openStack();
    const body = '{"model":"x","model":"leadsman","messages":[{"role":"user","content":"Hi"}]}';
    const response = await call(stack.url, { path: "/v1/messages/count_tokens", body });
    expect([response.status, readAnswer(response).error]).toEqual([400, "invalid_request_error"]);
    expect(stack.upstream.calls()).toHaveLength(0);
  });
});

describe("calls that are no message calls", () => {
  test.each([
    ["POST", "/v1/messages/count_tokens"],
    ["POST", "/v1/messages/batches?beta=true"],
    ["GET", "/v1/models?limit=5"],
    ["GET", "/v1/files/file_1/content"],
    ["DELETE", "/v1/anything/else"],
  ])("%s %s passes with its query and leaves a row without tokens", async (method, path) => {
    stack = await openStack();
    const response = await call(stack.url, {
      method,
      path,
      ...(method === "POST" ? { body: { ...ask("Hi"), max_tokens: undefined } } : {}),
      headers: { "x-leadsman-user": "u-1" },
    });
    const [seen] = stack.upstream.calls();
    expect([seen?.method, seen?.path]).toEqual([method, path]);
    expect(Object.keys(seen?.headers ?? {}).join()).not.toContain("leadsman");
    expect(response.headers["x-leadsman-decision"]).toBe("passthrough");
    const record = await stack.record(String(response.headers["x-leadsman-id"]));
    expect(record).toMatchObject({
      kind: "other",
      path: path.split("?")[0],
      attempts: [],
      allDeepNanoUsd: null,
      status: response.status,
    });
  });
});
