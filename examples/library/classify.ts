// One label per text; each text goes only as deep as it must.
//   npx node examples/library/classify.ts
import { createCascade, createSimulatedProvider } from "leadsman";

const cascade = createCascade({
  tiers: ["claude-haiku-4-5", "claude-opus-4-7"],
  provider: createSimulatedProvider({}),
});

const inputs = [
  "My card was charged twice.",
  "Where is my parcel?",
  "The box was open, I want my money back, and who pays the postage?",
];
for (const input of inputs) {
  // The type of `label` is "billing" | "shipping" | "returns".
  const { label, confidence, tier } = await cascade.classify({
    input,
    labels: ["billing", "shipping", "returns"],
    instructions: "Choose the department that has to act first.",
    threshold: 0.9,
  });
  console.log(`${label} (${confidence}, tier ${tier}): ${input}`);
}

await cascade.close();
