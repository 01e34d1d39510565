import { describe, expect, test } from "vitest";
import { clientHeaders, triageHeaders, upstreamHeaders } from "./upstream-headers.ts";

const FROM_CLIENT = {
  host: "gateway.test",
  "content-length": "12",
  "accept-encoding": "gzip, br",
  expect: "100-continue",
  "content-type": "text/json",
  "content-encoding": "gzip",
  "x-api-key": "sk-test",
  authorization: "Bearer token",
  "anthropic-version": "2023-06-01",
  "anthropic-beta": ["one", "two"],
  "idempotency-key": "once",
  "x-leadsman-route": "support",
  "x-leadsman-token": "secret",
  "x-other": "kept",
  "x-absent": undefined,
};

const ALWAYS_SENT = {
  "accept-encoding": "identity",
  "x-api-key": "sk-test",
  authorization: "Bearer token",
  "anthropic-version": "2023-06-01",
  "anthropic-beta": ["one", "two"],
  "x-other": "kept",
};

describe("headers to upstream", () => {
  test("the client's own but for ours and the connection's, and an answer in plain bytes", () => {
    const headers = upstreamHeaders(FROM_CLIENT, false);
    expect(headers).toStrictEqual({
      ...ALWAYS_SENT,
      "content-type": "text/json",
      "content-encoding": "gzip",
      "idempotency-key": "once",
    });
  });

  test("a body that was written anew has lost its encoding", () => {
    const headers = upstreamHeaders(FROM_CLIENT, true);
    expect(headers).toStrictEqual({
      ...ALWAYS_SENT,
      "content-type": "text/json",
      "idempotency-key": "once",
    });
  });

  test("a triage is JSON of ours and does not use up the client's idempotency key", () => {
    const headers = triageHeaders(FROM_CLIENT, true);
    expect(headers).toStrictEqual({ ...ALWAYS_SENT, "content-type": "application/json" });
  });

  test("a triage at another provider goes without the client's credential", () => {
    const more = { cookie: "session=1", "api-key": "k", "x-auth-token": "t", "x-secret": "s" };
    expect(triageHeaders({ ...FROM_CLIENT, ...more }, false)).toStrictEqual({
      "accept-encoding": "identity",
      "content-type": "application/json",
      "anthropic-version": "2023-06-01",
      "anthropic-beta": ["one", "two"],
      "x-other": "kept",
    });
    expect(triageHeaders({ ...FROM_CLIENT, ...more }, true)).toMatchObject(more);
  });

  test("the client's headers are left as they are", () => {
    const before = structuredClone(FROM_CLIENT);
    triageHeaders(FROM_CLIENT, true);
    expect(FROM_CLIENT).toStrictEqual(before);
  });
});

describe("headers to the client", () => {
  test("upstream's own but for the connection's, with ours added", () => {
    const upstream = {
      "request-id": "req_1",
      "anthropic-ratelimit-requests-remaining": "9",
      "set-cookie": ["a=1", "b=2"],
      "content-type": "text/event-stream",
      "content-encoding": "gzip",
      connection: "keep-alive",
      "keep-alive": "timeout=5",
      "transfer-encoding": "chunked",
      "content-length": "5",
      "proxy-authenticate": "Basic",
      trailer: "x-sum",
      upgrade: "h2c",
    };
    expect(clientHeaders(upstream, { "x-leadsman-id": "lm_1" })).toStrictEqual({
      "request-id": "req_1",
      "anthropic-ratelimit-requests-remaining": "9",
      "set-cookie": ["a=1", "b=2"],
      "content-type": "text/event-stream",
      "content-encoding": "gzip",
      "x-leadsman-id": "lm_1",
    });
  });

  test("what upstream's connection names is its own, and our names are ours to give", () => {
    const upstream = {
      connection: "close, X-Hop",
      "x-hop": "1",
      "x-leadsman-reason": "theirs",
      "x-leadsman-confidence": "1",
      "x-leadsman-simulated": "1",
    };
    expect(clientHeaders(upstream, { "x-leadsman-decision": "shipped" })).toStrictEqual({
      "x-leadsman-simulated": "1",
      "x-leadsman-decision": "shipped",
    });
  });

  test("ours overrule what upstream says under the same name", () => {
    const headers = clientHeaders({ "x-leadsman-id": "theirs" }, { "x-leadsman-id": "ours" });
    expect(headers).toStrictEqual({ "x-leadsman-id": "ours" });
  });
});
