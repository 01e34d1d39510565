import { describe, expect, test } from "vitest";
import { exampleRecord } from "../../cascade/examples.fixture.ts";
import { createSimulatedWorld } from "../../providers/simulated/simulated-world.ts";
import { measureShippedTruth } from "./shipped-truth.ts";

const world = createSimulatedWorld({ seed: "test" });
const CHEAP = "claude-haiku-4-5";

/** A ledger that holds the texts of requests named by their number. */
function ledgerOf(answerOf: (prompt: string) => string | null) {
  return {
    body: async (requestId: string, part: string) => {
      const prompt = world.makeTask(Number(requestId));
      const answer = answerOf(prompt);
      const verdict = JSON.stringify({ confidence: 0.93, answer });
      const value =
        part === "request"
          ? { messages: [{ role: "user", content: `Case notes.\n\n${prompt}` }] }
          : { content: [{ type: "text", text: verdict }] };
      return answer === null ? null : Buffer.from(JSON.stringify(value));
    },
  };
}

const records = Array.from({ length: 60 }, (_, index) => exampleRecord({ id: String(index) }));

describe("measureShippedTruth", () => {
  test("finds exactly the answers that the world calls wrong", async () => {
    const ledger = ledgerOf((prompt) => world.answer(CHEAP, prompt).text);
    const { wrong, deepWrong } = await measureShippedTruth(ledger, records, world);
    const isWrong = (model: string) => (_: unknown, index: number) =>
      !world.answer(model, world.makeTask(index)).isCorrect;
    expect(wrong.of).toBe(60);
    expect(wrong.count).toBe(records.filter(isWrong(CHEAP)).length);
    expect(wrong.count).toBeGreaterThan(0);
    expect(deepWrong.count).toBe(records.filter(isWrong("claude-opus-4-7")).length);
  });

  test("passes over what did not ship and what has no texts", async () => {
    const escalated = exampleRecord({ id: "1", decision: "escalated" });
    const kept = ledgerOf((prompt) => world.answer(CHEAP, prompt).text);
    expect((await measureShippedTruth(kept, [escalated], world)).wrong.of).toBe(0);
    const purged = ledgerOf(() => null);
    expect((await measureShippedTruth(purged, records, world)).wrong.of).toBe(0);
  });
});
