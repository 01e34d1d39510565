import { describe, expect, test } from "vitest";
import { createSimulatedWorld } from "../../providers/simulated/simulated-world.ts";
import { deskRequest } from "./desk-requests.ts";

const world = createSimulatedWorld({ seed: "test" });
const requests = Array.from({ length: 500 }, (_, index) => deskRequest(world, index));

describe("deskRequest", () => {
  test("is the same for equal seeds and another for others", () => {
    const again = createSimulatedWorld({ seed: "test" });
    const other = createSimulatedWorld({ seed: "other" });
    expect(deskRequest(again, 7)).toEqual(requests[7]);
    expect(deskRequest(other, 7)).not.toEqual(requests[7]);
  });

  test("prompts are as long as those of a support desk", () => {
    const lengths = requests.map(({ params }) => promptLength(params));
    expect(Math.min(...lengths)).toBeGreaterThan(2_000);
    expect(Math.max(...lengths)).toBeLessThan(4_000);
  });

  test("some are of each kind that is not triaged, and half of them stream", () => {
    const count = (test: (params: Readonly<Record<string, unknown>>) => boolean): number =>
      requests.filter(({ params }) => test(params)).length;
    expect(count((params) => "tools" in params)).toBeGreaterThan(5);
    expect(count((params) => "stop_sequences" in params)).toBeGreaterThan(0);
    expect(count(({ max_tokens: maxTokens }) => maxTokens === 8)).toBeGreaterThan(0);
    const streaming = requests.filter(({ isStreaming }) => isStreaming).length;
    expect(Math.abs(streaming - 250)).toBeLessThan(50);
  });
});

function promptLength({ system, messages }: Readonly<Record<string, unknown>>): number {
  return String(system).length + JSON.stringify(messages).length;
}
