// Sends a support desk's questions to a gateway, as an application would; docs/measuring.md uses it.
//   node examples/measuring/ask.ts http://127.0.0.1:8787 300
import { createSimulatedWorld } from "../../src/providers/simulated/simulated-world.ts";

const [gateway = "http://127.0.0.1:8787", count = "300"] = process.argv.slice(2);
const world = createSimulatedWorld({ seed: "leadsman" });
/** A long prompt is what makes a cascade pay; a desk has a handbook. */
const handbook = Array.from(
  { length: 80 },
  (_, index) =>
    `Rule ${index + 1}: answer in one sentence, name the day, and promise nothing else.`,
).join("\n");
const questions = Array.from({ length: Number(count) }, (_, index) => world.makeTask(index));

async function askInTurn(): Promise<void> {
  for (let content = questions.pop(); content !== undefined; content = questions.pop()) {
    const response = await fetch(`${gateway}/v1/messages`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "anthropic-version": "2023-06-01",
        "x-api-key": "any-key-will-do",
        "x-leadsman-task": world.taskOf(content).name,
      },
      body: JSON.stringify({
        model: "claude-opus-4-7",
        max_tokens: 500,
        system: handbook,
        messages: [{ role: "user", content }],
      }),
    });
    if (!response.ok) throw new Error(`The gateway said ${response.status}.`);
    await response.text();
  }
}

await Promise.all(Array.from({ length: 8 }, askInTurn));
console.log(`Asked ${count} questions.`);
