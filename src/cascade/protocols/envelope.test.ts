import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { exampleRequest } from "../examples.fixture.ts";
import {
  createEnvelopeProtocol,
  ENVELOPE_INSTRUCTION,
  ENVELOPE_SCHEMA,
  ENVELOPE_VERSION,
} from "./envelope.ts";
import { describeProtocol } from "./protocol.contract.ts";

describe("the envelope protocol", () => {
  describeProtocol(createEnvelopeProtocol, {
    request: exampleRequest(),
    verdict: '{"confidence":0.93,"answer":"Paris"}',
  });

  const target = {
    model: "claude-haiku-4-5",
    maxOutputTokens: 64_000,
    thinkingWhenOmitted: "off",
  } as const;
  const protocol = createEnvelopeProtocol();
  const instruction = { type: "text", text: ENVELOPE_INSTRUCTION };

  test("instruction and schema are frozen: a change needs a new version and a new hash here", () => {
    const frozen = ENVELOPE_INSTRUCTION + JSON.stringify(ENVELOPE_SCHEMA);
    const digest = createHash("sha256").update(frozen).digest("hex").slice(0, 16);
    expect([ENVELOPE_VERSION, digest, protocol.promptHash]).toEqual(FROZEN);
  });

  test("the schema asks for the confidence first and for both members", () => {
    expect(JSON.stringify(ENVELOPE_SCHEMA)).toMatch(/"properties":\{"confidence":.*"answer":/);
    expect(ENVELOPE_SCHEMA).toMatchObject({
      required: ["confidence", "answer"],
      additionalProperties: false,
    });
  });

  test("the instruction shows no sample reply that a number could be copied from", () => {
    expect(ENVELOPE_INSTRUCTION).not.toMatch(/[{}]/);
    expect(ENVELOPE_INSTRUCTION.match(/\d\.\d+/g)).toEqual(["0.8", "0.5", "0.8", "0.5"]);
  });

  test("the instruction is a new last block of the last user message", () => {
    const text = { type: "text", text: "Hi", cache_control: { type: "ephemeral" } };
    const { messages } = protocol.triageRequest(
      exampleRequest({
        messages: [
          { role: "user", content: [text] },
          { role: "assistant", content: "Hello" },
          { role: "user", content: [text, text] },
        ],
      }),
      target,
    );
    expect(messages).toEqual([
      { role: "user", content: [text] },
      { role: "assistant", content: "Hello" },
      { role: "user", content: [text, text, instruction] },
    ]);
  });

  test("a message that is plain text becomes two blocks", () => {
    const { messages } = protocol.triageRequest(exampleRequest(), target);
    const question = { type: "text", text: "What is the capital of France?" };
    expect(messages).toEqual([{ role: "user", content: [question, instruction] }]);
  });

  test("a system message behind the last user message stays last", () => {
    const system = { role: "system", content: "Be brief." } as const;
    const request = exampleRequest({ messages: [{ role: "user", content: "Hi" }, system] });
    const { messages } = protocol.triageRequest(request, target);
    expect(messages.at(1)).toEqual(system);
    expect(messages.at(0)?.content).toHaveLength(2);
  });

  test("the format is ours and the limit leaves room for it", () => {
    const triage = protocol.triageRequest(exampleRequest({ max_tokens: 100 }), target);
    expect(triage.output_config).toEqual({
      format: { type: "json_schema", schema: ENVELOPE_SCHEMA },
    });
    expect(triage.max_tokens).toBe(164);
  });
});

const FROZEN = [1, "ffd13aba25aa0abf", "acb27d9760007335"];
