import { expect, test } from "vitest";
import type { ContentBlockParam, MessageRequest } from "../messages/message-request.ts";
import type { ModelFacts } from "./model-facts.ts";
import { MODELS } from "./models.ts";
import { countImages, unsupportedContent } from "./unsupported-content.ts";

const QUESTION: MessageRequest = {
  model: "claude-opus-4-7",
  max_tokens: 1_024,
  messages: [{ role: "user", content: "Hello" }],
};
const PREFILLED: MessageRequest = {
  ...QUESTION,
  messages: [...QUESTION.messages, { role: "assistant", content: "{" }],
};
const WITH_SYSTEM_TURN: MessageRequest = {
  ...QUESTION,
  messages: [...QUESTION.messages, { role: "system", content: "Be brief." }],
};
const FORCED: MessageRequest = { ...QUESTION, tool_choice: { type: "tool", name: "look" } };

test.each<[string, MessageRequest, readonly string[]]>([
  ["prefill", PREFILLED, ["claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-4-5"]],
  [
    "system_role",
    WITH_SYSTEM_TURN,
    [
      "claude-fable-5-2",
      "claude-mythos-5-2",
      "claude-fable-5-1",
      "claude-mythos-5-1",
      "claude-fable-5",
      "claude-mythos-5",
      "claude-opus-5-5",
      "claude-opus-5",
      "claude-opus-4-8",
      "claude-sonnet-5-5",
      "claude-haiku-5-5",
    ],
  ],
  [
    "forced_tool_choice",
    FORCED,
    [
      "claude-fable-5",
      "claude-mythos-5",
      "claude-opus-5",
      "claude-opus-4-8",
      "claude-opus-4-7",
      "claude-opus-4-6",
      "claude-opus-4-5",
      "claude-sonnet-5",
      "claude-sonnet-4-6",
      "claude-sonnet-4-5",
      "claude-haiku-5-5",
      "claude-haiku-4-5",
    ],
  ],
])("%s is accepted by these models only", (content, request, accepting) => {
  const verdicts = MODELS.map((model) => [model.id, unsupportedContent(request, model)]);
  expect(verdicts).toEqual(MODELS.map(({ id }) => [id, accepting.includes(id) ? null : content]));
});

test("an ordinary question is accepted by every model", () => {
  for (const model of MODELS) expect(unsupportedContent(QUESTION, model)).toBeNull();
  const auto = { ...QUESTION, tool_choice: { type: "auto" } };
  for (const model of MODELS) expect(unsupportedContent(auto, model)).toBeNull();
});

test.each([
  ["claude-haiku-4-5", 100],
  ["claude-sonnet-4-5", 100],
  ["claude-haiku-5-5", 600],
  ["claude-opus-4-7", 600],
])("%s takes %d images and not one more", (id, limit) => {
  expect(unsupportedContent(withImages(limit), row(id))).toBeNull();
  expect(unsupportedContent(withImages(limit + 1), row(id))).toBe("too_many_images");
});

test("images count wherever they stand", () => {
  const image: ContentBlockParam = { type: "image", source: { type: "url", url: "x" } };
  const request: MessageRequest = {
    ...QUESTION,
    messages: [
      { role: "user", content: "no blocks at all" },
      { role: "user", content: [image, { type: "text", text: "and" }] },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "t", content: [image, image] },
          { type: "tool_result", tool_use_id: "u", content: "text" },
          { type: "document", source: { type: "content", content: [image] } },
        ],
      },
    ],
  };
  expect(countImages(request)).toBe(4);
});

function withImages(count: number): MessageRequest {
  const image: ContentBlockParam = { type: "image", source: { type: "base64" } };
  return {
    ...QUESTION,
    messages: [{ role: "user", content: Array.from({ length: count }, () => image) }],
  };
}

function row(id: string): ModelFacts {
  const found = MODELS.find((model) => model.id === id);
  if (found === undefined) throw new Error(`no row ${id}`);
  return found;
}
