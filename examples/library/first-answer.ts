// One question, answered by the cheapest model that is sure enough. Needs no key:
//   npx node examples/library/first-answer.ts
import { createCascade, createSimulatedProvider, formatUsd, messageText } from "leadsman";

const cascade = createCascade({
  tiers: ["claude-haiku-4-5", "claude-opus-4-7"],
  threshold: 0.8,
  // For real answers: provider: { apiKey: "…" }
  provider: createSimulatedProvider({}),
});

const message = await cascade.messages.create({
  max_tokens: 500,
  messages: [{ role: "user", content: "How long may I return the blue jacket?" }],
});

const { decision, model, confidence, costNanoUsd } = message.receipt;
console.log(messageText(message));
console.log({ decision, model, confidence });
console.log(costNanoUsd === null ? "unpriced" : formatUsd(costNanoUsd));

await cascade.close();
