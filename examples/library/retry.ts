// A cascade retries no status by itself: what is worth a second try is the caller's to say.
//   npx node examples/library/retry.ts
import { setTimeout } from "node:timers/promises";
import { CascadeApiError, createCascade, createSimulatedProvider, messageText } from "leadsman";

const cascade = createCascade({
  tiers: ["claude-opus-4-7"],
  // The first call finds the model overloaded.
  provider: createSimulatedProvider({
    faults: ({ index }) => (index === 0 ? { kind: "status", status: 529 } : null),
  }),
});

async function ask(content: string, triesLeft = 2): Promise<string> {
  try {
    const messages = [{ role: "user", content }];
    return messageText(await cascade.messages.create({ max_tokens: 500, messages }));
  } catch (error) {
    const isWorthIt = error instanceof CascadeApiError && [429, 503, 529].includes(error.status);
    if (!isWorthIt || triesLeft === 0) throw error;
    console.log(`${error.code}: ${error.message}; trying again`);
    await setTimeout(100);
    return ask(content, triesLeft - 1);
  }
}

console.log(await ask("How do I cancel?"));
await cascade.close();
