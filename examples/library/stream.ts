// The answer as it is written, then what it cost.
//   npx node examples/library/stream.ts
import { createCascade, createSimulatedProvider, formatUsd } from "leadsman";

const cascade = createCascade({
  tiers: ["claude-haiku-4-5", "claude-opus-4-7"],
  provider: createSimulatedProvider({ timeScale: 0.2 }),
});

const stream = cascade.messages.stream({
  max_tokens: 500,
  messages: [{ role: "user", content: "Does clause 7 apply, and why? [task:legal_ambiguity#2]" }],
});

// While this loop is busy, upstream waits. Leaving it early would close the upstream connection.
for await (const event of stream) {
  if (event.type === "content_block_delta") process.stdout.write(event.delta.text ?? "");
}

const { decision, reason, wastedNanoUsd } = await stream.receipt();
const wasted = wastedNanoUsd === null ? "unpriced" : formatUsd(wastedNanoUsd);
console.log(
  `\n${decision} (${reason ?? "sure enough"}), ${wasted} for the triage that did not ship`,
);

await cascade.close();
