import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { createRandom } from "../../src/support/random.ts";

/**
 * Pairs of two models with costs, latencies and labels; about 400 bytes each.
 *
 * @param moreWords words drawn by chance that follow each of the three texts
 */
export async function writePairs(path: string, rows: number, moreWords = 0): Promise<void> {
  const out = createWriteStream(path);
  const random = createRandom("pairs");
  const more = (): string => {
    let text = "";
    for (let word = 0; word < moreWords; word += 1) {
      text += ` ${WORDS[Math.floor(random() * WORDS.length)] ?? ""}`;
    }
    return text;
  };
  for (let index = 0; index < rows; index += 1) {
    const confidence = Math.round(random() * 100) / 100;
    const row = {
      id: `row-${String(index)}`,
      input: `Question ${String(index)}: may a parcel that came broken be sent back after a week?${more()}`,
      cheap: {
        model: "claude-haiku-4-5",
        answer: `Yes, within thirty days and free of charge.${more()}`,
        confidence,
        correct: random() < confidence,
        cost_usd: 0.0004,
        latency_ms: 412,
      },
      deep: {
        model: "claude-sonnet-4-6",
        answer: `Yes: within thirty days, and a broken parcel goes back free of charge.${more()}`,
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

const WORDS =
  "a and are at back be been box broken by can charge come costs customer damaged date days deliver for "
    .concat(
      "form free from full give has have if in invoice is it label mail may money must no not note of ",
    )
    .concat(
      "office on once or order paid parcel photo post price proof refund reply return send sender ",
    )
    .concat(
      "shipping shop so stamp that the then they thirty this to track two until us was we week when ",
    )
    .concat("where who will with within without you your")
    .split(" ");
