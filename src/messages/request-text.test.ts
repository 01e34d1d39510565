import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyText } from "./any-text.fixture.ts";
import type { ContentBlockParam, MessageRequest } from "./message-request.ts";
import { countImages, promptTextBytes } from "./request-text.ts";

const IMAGE = { type: "image", source: { type: "base64", media_type: "image/png", data: "QUJD" } };

describe("promptTextBytes", () => {
  test.each<[string, Partial<MessageRequest>, number]>([
    ["a string", { messages: [{ role: "user", content: "fathom" }] }, 6],
    ["characters of several bytes", { messages: [{ role: "user", content: "né🌊" }] }, 7],
    ["a system prompt", { system: "sea", messages: [] }, 3],
    ["a system prompt of blocks", { system: [{ type: "text", text: "sea" }], messages: [] }, 3],
    ["a text block", content({ type: "text", text: "abc" }), 3],
    [
      "thinking without its signature",
      content({ type: "thinking", thinking: "hm", signature: "x" }),
      2,
    ],
    ["an image", content(IMAGE), 0],
    ["redacted thinking", content({ type: "redacted_thinking", data: "RUZH" }), 0],
    ["a tool result's string", content(result("wet")), 3],
    ["a tool result's blocks", content(result([{ type: "text", text: "wet" }, IMAGE])), 3],
    [
      "a tool call's name and input with its members' names",
      content({
        type: "tool_use",
        id: "toolu_1",
        name: "cast",
        input: { side: "port", type: "a" },
      }),
      "cast".length + "side".length + "port".length + "type".length + "a".length,
    ],
    ["a text document", content(documentOf({ type: "text", media_type: "t", data: "log" })), 3],
    ["a PDF document", content(documentOf({ type: "base64", media_type: "t", data: "QUJD" })), 0],
    ["a document by URL", content(documentOf({ type: "url", url: "https://x" })), 0],
    [
      "a document's title and context",
      content({ ...documentOf({ type: "text", data: "log" }), title: "ti", context: "con" }),
      8,
    ],
    [
      "tools with the names of their members",
      { messages: [], tools: [{ name: "cast", input_schema: { type: "object" } }] },
      "name".length + "cast".length + "input_schema".length + "type".length + "object".length,
    ],
    ["members without text", { messages: [], metadata: { user_id: "u" }, tide: "ebb" }, 0],
  ])("of %s", (_, members, bytes) => {
    expect(promptTextBytes(requestWith(members))).toBe(bytes);
  });

  test("is the sum of its parts", () => {
    fc.assert(
      fc.property(fc.array(anyText()), (texts) => {
        const messages = texts.map((text) => ({ role: "user", content: [{ type: "text", text }] }));
        expect(promptTextBytes(requestWith({ messages }))).toBe(Buffer.byteLength(texts.join("")));
      }),
    );
  });

  test("nesting of any depth is counted", () => {
    const depth = 200_000;
    const deep: unknown = JSON.parse(`${"[".repeat(depth)}"x"${"]".repeat(depth)}`);
    const input = { type: "tool_use", id: "t", name: "n", input: deep };
    expect(promptTextBytes(requestWith(content(input)))).toBe(2);
  });
});

describe("countImages", () => {
  test.each<[string, Partial<MessageRequest>, number]>([
    ["text only", { messages: [{ role: "user", content: "image" }] }, 0],
    ["two in a message", content(IMAGE, { type: "text", text: "and" }, IMAGE), 2],
    ["one in a tool result", content(result([IMAGE, { type: "text", text: "x" }]), IMAGE), 2],
    ["a tool result of text", content(result("image")), 0],
    ["a tool result without content", content({ type: "tool_result", tool_use_id: "t" }), 0],
    ["a document", content(documentOf({ type: "base64", data: "QUJD" })), 0],
    ["several messages", { messages: [turn(IMAGE), turn(IMAGE), turn(IMAGE)] }, 3],
  ])("of %s", (_, members, images) => {
    expect(countImages(requestWith(members))).toBe(images);
  });
});

function requestWith(members: Partial<MessageRequest>): MessageRequest {
  return { model: "claude-haiku-4-5", max_tokens: 1, messages: [], ...members };
}

function content(...blocks: ContentBlockParam[]): Partial<MessageRequest> {
  return { messages: [turn(...blocks)] };
}

function turn(...blocks: ContentBlockParam[]): MessageRequest["messages"][number] {
  return { role: "user", content: blocks };
}

function result(inner: unknown): ContentBlockParam {
  return { type: "tool_result", tool_use_id: "toolu_1", content: inner };
}

function documentOf(source: object): ContentBlockParam {
  return { type: "document", source };
}
