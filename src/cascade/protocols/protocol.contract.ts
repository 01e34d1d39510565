import { describe, expect, test } from "vitest";
import type { MessageRequest } from "../../messages/message-request.ts";
import type { TriageTarget, VerdictProtocol } from "./protocol.ts";

const TARGET: TriageTarget = {
  model: "claude-haiku-4-5",
  maxOutputTokens: 64_000,
  thinkingWhenOmitted: "off",
};

export interface ProtocolExample {
  /** A request that the protocol can triage, without thinking, effort or members of its own. */
  readonly request: MessageRequest;
  /** A verdict with confidence 0.93 that can ship. */
  readonly verdict: string;
}

/** What every verdict protocol must do. */
export function describeProtocol(
  create: () => VerdictProtocol,
  { request, verdict }: ProtocolExample,
): void {
  describe("as every protocol", () => {
    const triage = (changes: Partial<MessageRequest> = {}, target = TARGET): MessageRequest =>
      create().triageRequest({ ...request, ...changes }, target);

    test("takes its example", () => {
      expect(create().ineligible(request)).toBeNull();
    });

    test("has a prompt hash that is the same each time, and estimates that are counts", () => {
      expect(create().promptHash).toMatch(/^[0-9a-f]{16}$/);
      expect(create().promptHash).toBe(create().promptHash);
      expect(create().instructionTokens).toBeGreaterThanOrEqual(0);
      expect(create().wrapperTokens).toBeGreaterThanOrEqual(0);
    });

    test("asks the tier's model for a stream", () => {
      expect(triage()).toMatchObject({ model: "claude-haiku-4-5", stream: true });
      expect(triage({ stream: false })).toMatchObject({ stream: true });
    });

    test("never touches system, tools, history or what it does not know", () => {
      const kept = {
        system: [{ type: "text", text: "Be kind.", cache_control: { type: "ephemeral" } }],
        tools: [{ name: "search" }],
        temperature: 0.3,
        metadata: { user_id: "ada" },
        invented_tomorrow: { a: [1] },
      };
      expect(triage(kept)).toMatchObject(kept);
      const history = [
        { role: "user", content: "Hi" },
        { role: "assistant", content: [{ type: "thinking", thinking: "", signature: "x" }] },
      ] as const;
      const { messages } = triage({ messages: [...history, ...request.messages] });
      expect(messages.slice(0, 2)).toEqual(history);
      expect(messages).toHaveLength(2 + request.messages.length);
    });

    test("leaves the client's request as it is", () => {
      const before = JSON.stringify(request);
      triage();
      expect(JSON.stringify(request)).toBe(before);
    });

    test.each([
      [{ type: "adaptive" }, "off", undefined],
      [{ type: "enabled", budget_tokens: 2048 }, "off", undefined],
      [undefined, "off", undefined],
      [{ type: "adaptive" }, "on", { type: "disabled" }],
      [undefined, "on", { type: "disabled" }],
    ] as const)("thinking %o on a model whose default is %s", (thinking, whenOmitted, sent) => {
      const changes = thinking === undefined ? {} : { thinking };
      const found = triage(changes, { ...TARGET, thinkingWhenOmitted: whenOmitted });
      expect(found.thinking).toEqual(sent);
    });

    test("drops effort and keeps what else stands beside it", () => {
      const { output_config: config } = triage({
        output_config: { ...request.output_config, effort: "max", task_budget: 7 } as object,
      });
      expect(config).not.toHaveProperty("effort");
      expect(config).toMatchObject({ task_budget: 7 });
    });

    test("stays below the model's ceiling of output", () => {
      const ceiling = { ...TARGET, maxOutputTokens: 50 };
      expect(triage({ max_tokens: 1_000 }, ceiling).max_tokens).toBe(50);
      const unknown = { ...TARGET, maxOutputTokens: null };
      expect(triage({ max_tokens: 1_000 }, unknown).max_tokens).toBeGreaterThanOrEqual(1_000);
    });

    test("reads its verdict, in a reader of its own each time", () => {
      const protocol = create();
      for (const reader of [protocol.createReader(), protocol.createReader()]) {
        expect(reader.push(verdict)).toEqual({ kind: "complete", confidence: 0.93 });
        const isOurs = protocol.shippedForm === "answer";
        expect(reader.takeAnswerText() !== "").toBe(isOurs);
      }
    });
  });
}
