import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { createRandom } from "../../src/support/random.ts";

/** Pairs of two models with costs, latencies and labels; about 400 bytes each. */
export async function writePairs(path: string, rows: number): Promise<void> {
  const out = createWriteStream(path);
  const random = createRandom("pairs");
  for (let index = 0; index < rows; index += 1) {
    const confidence = Math.round(random() * 100) / 100;
    const row = {
      id: `row-${String(index)}`,
      input: `Question ${String(index)}: may a parcel that came broken be sent back after a week?`,
      cheap: {
        model: "claude-haiku-4-5",
        answer: "Yes, within thirty days and free of charge.",
        confidence,
        correct: random() < confidence,
        cost_usd: 0.0004,
        latency_ms: 412,
      },
      deep: {
        model: "claude-sonnet-4-6",
        answer: "Yes: within thirty days, and a broken parcel goes back free of charge.",
        correct: random() < 0.95,
        cost_usd: 0.0031,
        latency_ms: 1_840,
      },
    };
    if (!out.write(`${JSON.stringify(row)}\n`)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}
