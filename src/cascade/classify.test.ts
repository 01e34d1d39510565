import { describe, expect, test } from "vitest";
import {
  CLASSIFICATION_PROTOCOL,
  classificationRequest,
  readClassification,
  type ClassificationTask,
} from "./classify.ts";
import { createProtocol } from "./protocols/create-protocol.ts";

const LABELS = ["spam", "not spam"];
const TASK: ClassificationTask = { model: "leadsman/mail", input: "Buy now!", labels: LABELS };

describe("classificationRequest", () => {
  test("asks for a confidence, then one of the labels", () => {
    expect(classificationRequest(TASK)).toMatchObject({
      model: "leadsman/mail",
      messages: [{ role: "user", content: "Buy now!" }],
      output_config: {
        format: {
          type: "json_schema",
          schema: {
            properties: { confidence: { type: "number" }, label: { enum: LABELS } },
            required: ["confidence", "label"],
            additionalProperties: false,
          },
        },
      },
    });
  });

  test("is what its protocol can triage", () => {
    const protocol = createProtocol(CLASSIFICATION_PROTOCOL);
    expect(protocol.ineligible(classificationRequest(TASK))).toBeNull();
  });

  test("names labels and instructions in the system prompt, never the text", () => {
    const request = classificationRequest({ ...TASK, instructions: "Newsletters are spam." });
    expect(request.system).toContain('["spam","not spam"]');
    expect(request.system).toContain("Newsletters are spam.");
    expect(request.system).not.toContain("Buy now!");
  });

  test.each([[[]], [["one"]], [["same", "same"]], [["spam", " "]]])(
    "labels must make a choice: %j",
    (labels) => {
      expect(() => classificationRequest({ ...TASK, labels })).toThrow(/two or more different/);
    },
  );
});

describe("readClassification", () => {
  test.each([
    ['{"confidence":0.93,"label":"spam"}', { label: "spam", confidence: 0.93 }],
    ['{"label":"not spam","confidence":"1"}', { label: "not spam", confidence: 1 }],
    ['```json\n{"confidence":0,"label":"spam"}\n```', { label: "spam", confidence: 0 }],
  ])("%s", (text, value) => {
    expect(readClassification(text, LABELS)).toEqual({ ok: true, value });
  });

  test.each([
    ['{"confidence":0.93,"label":"ham"}', "unknown_label"],
    ['{"confidence":93,"label":"spam"}', "confidence_invalid"],
    ['{"label":"spam"}', "confidence_missing"],
    ['{"confidence":0.93}', "answer_missing"],
    ["spam", "verdict_unreadable"],
    ['{"confidence":0.93,"label":"sp', "verdict_unreadable"],
  ])("%s is %s", (text, problem) => {
    expect(readClassification(text, LABELS)).toEqual({ ok: false, problem });
  });
});
