import { exampleRequest } from "../../src/cascade/examples.fixture.ts";
import { inputClasses } from "../../src/cascade/input-class.ts";
import type { MessageRequest } from "../../src/messages/message-request.ts";
import type { Random } from "../../src/support/random.ts";
import { stormClasses } from "../../src/watch/live-watch.ts";

const TASKS = ["refund", "address", "invoice", "contract", "other"] as const;
const TEXTS = [
  "Where is my parcel?",
  "Где моя посылка?",
  "我的包裹在哪里？",
  "```\nfor (;;) { ship(); }\n``` Why does it not end?",
] as const;
/** Of the whole prompt: of each length. */
const PROMPT_BYTES = [200, 9_000, 40_000, 400_000] as const;
const TURNS = [1, 3, 8] as const;

/**
 * Requests of a route by the classes that a gateway counts them in: of five tasks, of all lengths,
 * turns and scripts, and of code, images and tools, each by itself, so that classes overlap in every way.
 */
export function drawStormClasses(random: Random, count: number): readonly (readonly string[])[] {
  const oneOf = <T>(values: readonly [T, ...T[]]): T =>
    values[Math.floor(random() * values.length)] ?? values[0];
  return Array.from({ length: count }, () => {
    const text = oneOf(TEXTS);
    const image = { type: "image", source: { type: "url", url: "https://example.com/a.png" } };
    const messages: MessageRequest["messages"] = Array.from({ length: oneOf(TURNS) }, () => ({
      role: "user",
      content: random() < 0.5 ? text : [image, { type: "text", text }],
    }));
    const tools = random() < 0.5 ? { tools: [{ name: "track", input_schema: {} }] } : {};
    const request = exampleRequest({ messages, ...tools });
    return stormClasses(oneOf(TASKS), inputClasses(request, oneOf(PROMPT_BYTES)));
  });
}
