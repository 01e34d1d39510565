// Three models, each with a threshold of its own but the last.
//   npx node examples/library/three-tiers.ts
import { createCascade, createSimulatedProvider } from "leadsman";

const cascade = createCascade({
  tiers: [
    { model: "claude-haiku-4-5", threshold: 0.95 },
    { model: "claude-sonnet-4-6", threshold: 0.8 },
    "claude-opus-4-7",
  ],
  provider: createSimulatedProvider({}),
});

const answeredBy = new Map<string, number>();
for (let index = 0; index < 50; index += 1) {
  const { receipt } = await cascade.messages.create({
    max_tokens: 500,
    messages: [{ role: "user", content: `Question ${index} [task:multi_step_math#${index}]` }],
  });
  const model = receipt.model ?? "nobody";
  answeredBy.set(model, (answeredBy.get(model) ?? 0) + 1);
}
console.log(Object.fromEntries(answeredBy));

await cascade.close();
