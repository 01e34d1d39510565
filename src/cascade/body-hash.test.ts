import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { MessageRequest } from "../messages/message-request.ts";
import { bodyHash } from "./body-hash.ts";
import { exampleRequest } from "./examples.fixture.ts";

function hashOf(request: MessageRequest, text = JSON.stringify(request)): string {
  return bodyHash(request, Buffer.from(text));
}

function billed(line: string, rest = "You are helpful."): MessageRequest {
  return exampleRequest({
    system: [
      { type: "text", text: line },
      { type: "text", text: rest },
    ],
  });
}

const LINE_A = "x-anthropic-billing-header: cc_version=2.1; cch=aaaaa;";
const LINE_B = "x-anthropic-billing-header: cc_version=2.1; cch=bbbbbb;";

describe("bodyHash", () => {
  test("is the beginning of SHA-256 over the bytes", () => {
    const text = JSON.stringify(exampleRequest());
    const digest = createHash("sha256").update(text).digest("hex");
    expect(hashOf(exampleRequest())).toBe(digest.slice(0, 32));
  });

  test("differs for bodies that differ in anything", () => {
    const hashes = [
      hashOf(exampleRequest()),
      hashOf(exampleRequest({ max_tokens: 1025 })),
      hashOf(exampleRequest(), JSON.stringify(exampleRequest(), null, 1)),
      hashOf(billed(LINE_A)),
      hashOf(billed(LINE_A, "You are terse.")),
      hashOf(billed("Be kind.")),
      hashOf(billed("Be nice.")),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test("is the same whatever the billing line says", () => {
    expect(hashOf(billed(LINE_A))).toBe(hashOf(billed(LINE_B)));
  });

  test("is the same for billing lines that are escaped more than they must be", () => {
    const escaped = (line: string): string =>
      JSON.stringify(billed(line)).replace("cc_version", "cc\\u005fversion");
    expect(hashOf(billed(LINE_A), escaped(LINE_A))).toBe(hashOf(billed(LINE_B), escaped(LINE_B)));
  });

  test("a billing line anywhere else counts as text", () => {
    const asSystem = (system: string): MessageRequest => exampleRequest({ system });
    expect(hashOf(asSystem(LINE_A))).not.toBe(hashOf(asSystem(LINE_B)));
    const asUser = (content: string): MessageRequest =>
      exampleRequest({ messages: [{ role: "user", content }] });
    expect(hashOf(asUser(LINE_A))).not.toBe(hashOf(asUser(LINE_B)));
  });

  test("reads a view into a larger buffer as its own bytes only", () => {
    const request = billed(LINE_A);
    const text = JSON.stringify(request);
    const large = Buffer.from(`xxxx${text}yyyy`);
    const view = new Uint8Array(large.buffer, large.byteOffset + 4, text.length);
    expect(bodyHash(request, view)).toBe(hashOf(request));
  });
});
