import type { RequestRecord, ShadowPair } from "../../cascade/receipt.ts";
import type { AttemptRole } from "../../cascade/words.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { isCandidateTier } from "../../ledger/records/candidate-tier.ts";
import type { Evidence } from "../../ledger/records/evidence.ts";
import type { Job } from "../../ledger/records/job.ts";
import type { MessageRequest } from "../../messages/message-request.ts";
import { parseMessageRequest } from "../../messages/parse-message-request.ts";
import { readJson } from "../../messages/read-json.ts";
import { isJsonObject } from "../../support/json.ts";
import { failure, success, type Result } from "../../support/result.ts";
import { readAnswerText } from "./answer-text.ts";

/** An item with its texts, as graders get to read it. */
export interface GradedItem {
  readonly record: RequestRecord;
  readonly evidence: Evidence;
  readonly request: MessageRequest;
  /** Null when that side is missing, or is more than text. */
  readonly cheap: string | null;
  readonly deep: string | null;
}

/** `item_gone`: no record or evidence; `text_gone`: texts were not kept, or no longer. */
export type ItemProblem = "item_gone" | "text_gone" | "payload_unreadable";

/** What a comparing or judging job is about: `{"tier":0}`. */
export function gradingPayload({ tier }: Pick<Evidence, "tier">): string {
  return JSON.stringify({ tier });
}

export async function readGradedItem(
  ledger: Pick<Ledger, "request" | "evidenceOf" | "pair" | "routeVersion" | "body">,
  { itemId, payload }: Pick<Job, "itemId" | "payload">,
): Promise<Result<GradedItem, ItemProblem>> {
  const tier = tierOf(payload);
  if (tier === null) return failure("payload_unreadable");
  const record = await ledger.request(itemId);
  const whose = isCandidateTier(tier) ? "candidates" : "tiers";
  const evidence = (await ledger.evidenceOf(itemId, whose)).find((one) => one.tier === tier);
  if (record === null || evidence === undefined) return failure("item_gone");
  const version =
    record.routeVersion === null ? null : await ledger.routeVersion(record.routeVersion);
  const body = await ledger.body(itemId, "request");
  if (version === null || body === null) return failure("text_gone");
  const parsed = parseMessageRequest(body);
  if (!parsed.ok) return failure("text_gone");
  const pair = await ledger.pair(itemId);
  const textOf = async (attempt: number | null, isCheap: boolean): Promise<string | null> => {
    const bytes = attempt === null ? null : await ledger.body(itemId, `answer:${String(attempt)}`);
    if (bytes === null) return null;
    return readAnswerText(bytes, version.route.protocol, isCheap);
  };
  const { cheap, deep } = attemptsOf(record, pair, tier);
  return success({
    record,
    evidence,
    request: parsed.value.value,
    cheap: await textOf(cheap, true),
    deep: await textOf(deep, false),
  });
}

/** Which attempts gave the two answers. */
function attemptsOf(
  { attempts }: RequestRecord,
  pair: ShadowPair | null,
  tier: number,
): { readonly cheap: number | null; readonly deep: number | null } {
  const lastOf = (role: AttemptRole, at: number | null): number | null =>
    attempts.findLast((one) => one.role === role && (at === null || one.tier === at))?.index ??
    null;
  // A candidate is held against the answer that the client got; a pair is of tiers.
  if (isCandidateTier(tier)) {
    return { cheap: lastOf("candidate", tier), deep: lastOf("answer", null) };
  }
  // Without a pair it is a shipped answer that nothing was fetched beside.
  if (pair === null) return { cheap: lastOf("triage", tier), deep: null };
  return { cheap: pair.cheap.attempt, deep: pair.deep.attempt };
}

function tierOf(payload: string): number | null {
  const read = readJson(payload);
  const tier = read.ok && isJsonObject(read.value) ? read.value["tier"] : null;
  return typeof tier === "number" ? tier : null;
}
