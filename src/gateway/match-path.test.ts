import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchPath } from "./match-path.ts";

describe("paths of the Messages API", () => {
  test.each([
    ["/v1/messages", "messages", "/v1/messages"],
    ["/v1/messages?beta=true", "messages", "/v1/messages?beta=true"],
    ["/messages", "messages", "/v1/messages"],
    ["/messages?beta=true", "messages", "/v1/messages?beta=true"],
    ["/v1/v1/messages?beta=true", "messages", "/v1/messages?beta=true"],
    ["/v1/messages/count_tokens", "count_tokens", "/v1/messages/count_tokens"],
    ["/messages/count_tokens?beta=true", "count_tokens", "/v1/messages/count_tokens?beta=true"],
    ["/v1/v1/messages/count_tokens", "count_tokens", "/v1/messages/count_tokens"],
    ["/v1/models?limit=1000", "models", "/v1/models?limit=1000"],
    ["/v1/models/claude-opus-4-7", "forwarded", "/v1/models/claude-opus-4-7"],
    ["/v1/messages/batches", "forwarded", "/v1/messages/batches"],
    ["/v1/messages/", "forwarded", "/v1/messages/"],
    ["/v1/files/file_011?x=//../", "forwarded", "/v1/files/file_011?x=//../"],
    ["/v1/models/a%5B1m%5D", "forwarded", "/v1/models/a%5B1m%5D"],
    ["/v1/.well-known", "forwarded", "/v1/.well-known"],
  ])("%s is %s at %s", (target, kind, path) => {
    expect(matchPath(target)).toEqual({ kind, path });
  });
});

describe("our own paths", () => {
  test.each([
    ["/", { kind: "root" }],
    ["/?x", { kind: "root" }],
    ["/healthz", { kind: "healthz" }],
    ["/readyz?verbose", { kind: "readyz" }],
    ["/_leadsman/api/v1/health", { kind: "api_health" }],
    ["/_leadsman/api/v1/receipts/req_01J", { kind: "receipt", requestId: "req_01J" }],
    ["/_leadsman/api/v1/receipts/", { kind: "unknown" }],
    ["/_leadsman/api/v1/receipts/a/b", { kind: "unknown" }],
    ["/_leadsman/", { kind: "unknown" }],
    ["/metrics", { kind: "metrics" }],
    ["/metrics/", { kind: "unknown" }],
    ["/v1", { kind: "unknown" }],
    ["/v2/messages", { kind: "unknown" }],
    ["/messagesx", { kind: "unknown" }],
    ["/api/hello", { kind: "unknown" }],
  ])("%s", (target, match) => {
    expect(matchPath(target)).toEqual(match);
  });
});

describe("targets that readers may understand differently", () => {
  test.each([
    "http://evil.example/v1/messages",
    "*",
    "",
    "//v1/messages",
    "/v1//messages",
    "/v1/../admin",
    "/v1/files/..",
    "/v1/./messages",
    "/v1/%2e%2e/admin",
    "/v1/%6dessages",
    "/v1/files%2fx",
    "/v1/files%5Cx",
    "/v1/files\\x",
    "/v1/files/%00",
    "/v1/files/%7f",
    "/v1/files/%",
    "/v1/files/%zz",
    "/v1/messages#x",
  ])("%s is refused", (target) => {
    expect(matchPath(target)).toEqual({ kind: "ambiguous" });
  });

  test("whatever is forwarded stays below /v1/ for a reader that resolves dots and escapes", () => {
    const part = fc.constantFrom(
      "v1",
      "..",
      ".",
      "%2e",
      "%2E%2e",
      "messages",
      "%6d",
      "",
      "a b",
      "%5b",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const match = matchPath(`/v1/${parts.join("/")}`);
        if (!("path" in match)) return;
        const resolved = new URL(match.path, "http://upstream").pathname;
        expect(decodeURIComponent(resolved).startsWith("/v1/")).toBe(true);
        expect(resolved.length).toBe(match.path.replaceAll(" ", "%20").length);
      }),
    );
  });
});
