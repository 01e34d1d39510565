import type { RequestRecord } from "../../cascade/receipt.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { SimulatedWorld } from "../../providers/simulated/simulated-world.ts";
import { isJsonObject } from "../../support/json.ts";
import { observedShare, type ObservedShare } from "../../reports/observed-share.ts";

/** How right shipped answers were. Known only because the world they are about is made up. */
export interface ShippedTruth {
  /** Shipped answers that say something else than the right one. */
  readonly wrong: ObservedShare;
  /** What the deep model would have got wrong of the same requests. */
  readonly deepWrong: ObservedShare;
}

/**
 * Reads the texts of shipped answers from the ledger and holds them against what is true in the
 * simulated world.
 *
 * @param records shipped ones are looked at, others passed over
 */
export async function measureShippedTruth(
  ledger: Pick<Ledger, "body">,
  records: readonly RequestRecord[],
  world: SimulatedWorld,
): Promise<ShippedTruth> {
  let known = 0;
  let wrong = 0;
  let deepWrong = 0;
  for (const record of records) {
    const texts = await shippedTexts(ledger, record);
    if (texts === null) continue;
    known += 1;
    if (!world.isCorrectText(texts.prompt, texts.answer)) wrong += 1;
    if (!world.answer(texts.deepModel, texts.prompt).isCorrect) deepWrong += 1;
  }
  return { wrong: observedShare(wrong, known), deepWrong: observedShare(deepWrong, known) };
}

interface ShippedTexts {
  readonly prompt: string;
  readonly answer: string;
  readonly deepModel: string;
}

/** Null when the request did not ship or its texts were not kept. */
async function shippedTexts(
  ledger: Pick<Ledger, "body">,
  record: RequestRecord,
): Promise<ShippedTexts | null> {
  const triage = record.attempts.findLast(({ role }) => role === "triage");
  if (record.decision !== "shipped" || triage === undefined) return null;
  const request = parse(await ledger.body(record.id, "request"));
  const message = parse(await ledger.body(record.id, `answer:${triage.index}`));
  const prompt = lastText(request, "messages");
  const verdict = parseText(lastText(message, "content"));
  const answer = isJsonObject(verdict) ? verdict["answer"] : undefined;
  if (prompt === null || typeof answer !== "string") return null;
  return { prompt, answer, deepModel: record.requestedModel ?? "" };
}

/** The text of the last entry of a list, which is a string or stands in a member of one. */
function lastText(value: unknown, member: "messages" | "content"): string | null {
  const list = isJsonObject(value) ? value[member] : undefined;
  const last: unknown = Array.isArray(list) ? list.at(-1) : undefined;
  if (!isJsonObject(last)) return null;
  const text = last[member === "messages" ? "content" : "text"];
  return typeof text === "string" ? text : null;
}

function parse(bytes: Uint8Array | null): unknown {
  return bytes === null ? null : parseText(Buffer.from(bytes).toString("utf8"));
}

function parseText(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
