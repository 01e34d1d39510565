import { describe, expect, test } from "vitest";
import { exampleRequest } from "../examples.fixture.ts";
import { createProtocol } from "./create-protocol.ts";
import { createFieldProtocol } from "./field.ts";
import { describeProtocol } from "./protocol.contract.ts";

const SCHEMA = {
  type: "object",
  properties: { classification: { type: "string" }, confidence: { type: "number" } },
};
const FORMAT = { type: "json_schema", schema: SCHEMA };

describe("the field protocol", () => {
  describeProtocol(() => createFieldProtocol("confidence"), {
    request: exampleRequest({ output_config: { format: FORMAT } }),
    verdict: '{"classification":"spam","confidence":0.93}',
  });

  const protocol = createFieldProtocol("confidence");

  test("adds nothing to the request but what every triage has", () => {
    const request = exampleRequest({
      stream: false,
      output_config: { format: FORMAT, effort: "low" },
      thinking: { type: "adaptive" },
    });
    const triage = protocol.triageRequest(request, {
      model: "claude-haiku-4-5",
      maxOutputTokens: null,
      thinkingWhenOmitted: "off",
    });
    expect(triage).toEqual({
      ...exampleRequest(),
      model: "claude-haiku-4-5",
      stream: true,
      output_config: { format: FORMAT },
    });
  });

  test.each([
    ["the field", { output_config: { format: FORMAT } }, null],
    ["the field in the older place", { output_format: FORMAT }, null],
    ["no format", {}, "no_confidence_field"],
    [
      "a format of another kind",
      { output_config: { format: { type: "text" } } },
      "no_confidence_field",
    ],
    [
      "a schema that is none",
      { output_config: { format: { type: "json_schema", schema: 1 } } },
      "no_confidence_field",
    ],
    [
      "a schema without the field",
      { output_config: { format: { type: "json_schema", schema: { properties: { a: {} } } } } },
      "no_confidence_field",
    ],
    [
      "the field further down",
      {
        output_config: {
          format: { type: "json_schema", schema: { properties: { a: SCHEMA } } },
        },
      },
      "no_confidence_field",
    ],
  ])("%s", (_name, changes, reason) => {
    expect(protocol.ineligible(exampleRequest(changes))).toBe(reason);
  });

  test("a member that every object has is no field of the schema", () => {
    const request = exampleRequest({ output_config: { format: FORMAT } });
    expect(createFieldProtocol("toString").ineligible(request)).toBe("no_confidence_field");
  });

  test("each field has a prompt hash of its own, and none is the envelope's", () => {
    const hashes = [
      createProtocol({ kind: "field", field: "confidence" }),
      createProtocol({ kind: "field", field: "certainty" }),
      createProtocol({ kind: "envelope" }),
    ].map(({ promptHash }) => promptHash);
    expect(new Set(hashes).size).toBe(3);
  });
});
