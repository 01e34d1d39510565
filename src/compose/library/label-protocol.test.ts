import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, type TriageDecision } from "../../cascade/decide.ts";
import { exampleRequest } from "../../cascade/examples.fixture.ts";
import { createFieldProtocol } from "../../cascade/protocols/field.ts";
import { describeProtocol } from "../../cascade/protocols/protocol.contract.ts";
import type { VerdictProtocol } from "../../cascade/protocols/protocol.ts";
import { createLabelProtocol } from "./label-protocol.ts";

const FIELD = createFieldProtocol("confidence");
const STOPPED = { kind: "stopped", stopReason: "end_turn" } as const;

function protocol(): VerdictProtocol {
  return createLabelProtocol(FIELD, ["spam", "no spam"]);
}

function decisionOf(pieces: readonly string[], threshold: number): TriageDecision {
  const reader = protocol().createReader();
  for (const piece of pieces) {
    const decision = decide({ verdict: reader.push(piece), threshold, end: null });
    if (decision.kind !== "wait") return decision;
  }
  return decide({ verdict: reader.end(), threshold, end: STOPPED });
}

describe("the protocol of classifications", () => {
  const properties = { confidence: { type: "number" }, label: { type: "string" } };
  describeProtocol(protocol, {
    request: exampleRequest({
      output_config: { format: { type: "json_schema", schema: { type: "object", properties } } },
    }),
    verdict: '{"confidence":0.93,"label":"no spam"}',
  });

  test("shows the models what the field protocol shows them", () => {
    expect(protocol().promptHash).toBe(FIELD.promptHash);
  });

  const SHIP = { kind: "ship" };
  const CASES: readonly [string, object][] = [
    ['{"confidence":0.7,"label":"spam"}', SHIP],
    ['{"label":"no spam","confidence":"0.9"} and more', SHIP],
    ['```json\n{"confidence":1,"label":"\\u0073pam"}\n```', SHIP],
    ['{"confidence":0.69,"label":"spam"}', escalates("low_confidence")],
    ['{"confidence":0.69,"label":"ham"}', escalates("low_confidence")],
    ['{"confidence":0.9,"label":"ham"}', escalates("verdict_unreadable")],
    ['{"confidence":0.9,"label":"spam "}', escalates("verdict_unreadable")],
    ['{"confidence":0.9,"label":"spam"', escalates("verdict_unreadable")],
    ['{"confidence":0.9,"label":"spam","label":"no spam"}', escalates("verdict_unreadable")],
    ['{"confidence":0.9,"label":null}', escalates("null_answer")],
    ['{"confidence":0.9}', escalates("answer_missing")],
    ['{"label":"spam"}', escalates("confidence_missing")],
    ["", escalates("verdict_unreadable")],
  ];

  test.each(CASES)("%s", (text, decision) => {
    expect(decisionOf([text], 0.7)).toEqual(decision);
  });

  test.each(CASES)("%s, however it is cut", (text, decision) => {
    const cut = fc.array(fc.nat(text.length), { maxLength: 6 });
    fc.assert(
      fc.property(cut, (places) => {
        const ends = [...places.toSorted((a, b) => a - b), text.length];
        const pieces = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
        expect(decisionOf(pieces, 0.7)).toEqual(decision);
      }),
    );
  });
});

function escalates(reason: string): object {
  return { kind: "escalate", reason };
}
