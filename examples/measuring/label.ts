// Says of exported answers whether they are right. Here the simulated world knows; with real models
// that is the work of people (`leadsman grade`) or of systems that learn later.
//   leadsman export --bodies | node examples/measuring/label.ts > labels.jsonl
import { createInterface } from "node:readline";
import { z } from "zod";
import { createSimulatedWorld } from "../../src/providers/simulated/simulated-world.ts";

const SIDE = z.object({ attempt: z.number().nullable() });
const LINE = z.object({
  id: z.string(),
  pair: z.object({ cheap: SIDE, deep: SIDE }).nullable(),
  bodies: z.record(z.string(), z.string()),
});
const REQUEST = z.object({ messages: z.tuple([z.object({ content: z.string() })]) });
const MESSAGE = z.object({ content: z.tuple([z.object({ text: z.string() })]) });
const VERDICT = z.object({ answer: z.string().nullable() });

const world = createSimulatedWorld({ seed: "leadsman" });

for await (const line of createInterface({ input: process.stdin })) {
  const { id, pair, bodies } = LINE.parse(JSON.parse(line));
  for (const tier of ["cheap", "deep"] as const) {
    const answer = bodies[`answer:${pair?.[tier].attempt ?? ""}`];
    if (answer === undefined) continue;
    const [{ content: prompt }] = REQUEST.parse(JSON.parse(bodies["request"] ?? "")).messages;
    const [{ text }] = MESSAGE.parse(JSON.parse(answer)).content;
    const correct = world.isCorrectText(prompt, answerIn(text));
    console.log(JSON.stringify({ request_id: id, tier, correct, grader: "simulated-world" }));
  }
}

/** A triage answers with a verdict, `{"confidence": 0.9, "answer": "…"}`. */
function answerIn(text: string): string {
  return text.startsWith("{") ? (VERDICT.parse(JSON.parse(text)).answer ?? "") : text;
}
