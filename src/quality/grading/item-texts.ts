import type { Attempt, RequestRecord } from "../../cascade/receipt.ts";
import type { ProtocolChoice } from "../../cascade/route.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Evidence } from "../../ledger/records/evidence.ts";
import {
  answerForm,
  answerText,
  statedField,
  storedAnswer,
  type AnswerForm,
  type StoredAnswer,
} from "./answer-text.ts";
import { requestText, type RequestText } from "./request-text.ts";

/** The texts of an item, as far as they were kept. */
export interface ItemTexts {
  readonly request: RequestText | null;
  readonly cheap: string | null;
  readonly deep: string | null;
  /** The right answer that came with a row of a data set. */
  readonly ideal: string | null;
  /** Of traffic: what the request's receipt says; null for a row of a data set. */
  readonly record: RequestRecord | null;
}

/** What reading texts asks of a ledger. */
export type TextLedger = Pick<Ledger, "body" | "request" | "routeVersion">;

/**
 * Reads the request and both answers of an item. Those of traffic are stored by attempt, in the form
 * of the route's protocol; those of data sets by tier, as plain text.
 */
export async function readItemTexts(ledger: TextLedger, evidence: Evidence): Promise<ItemTexts> {
  const { itemId } = evidence;
  const [request, ideal, record] = await Promise.all([
    ledger.body(itemId, "request"),
    ledger.body(itemId, "ideal"),
    ledger.request(itemId),
  ]);
  const answers =
    record === null
      ? await importedAnswers(ledger, evidence)
      : await trafficAnswers(ledger, evidence, record);
  return {
    request: request === null ? null : requestText(request),
    ideal: ideal === null ? null : Buffer.from(ideal).toString("utf8"),
    record,
    ...answers,
  };
}

type Answers = Pick<ItemTexts, "cheap" | "deep">;

async function trafficAnswers(
  ledger: TextLedger,
  { itemId, tier, deepTier }: Evidence,
  { attempts, routeVersion }: RequestRecord,
): Promise<Answers> {
  const version = routeVersion === null ? null : await ledger.routeVersion(routeVersion);
  const protocol: ProtocolChoice = version?.route.protocol ?? { kind: "envelope" };
  const textOf = async (attempt: Attempt | undefined, side: "cheap" | "deep") => {
    if (attempt === undefined) return null;
    const answer = await readAnswer(ledger, itemId, attempt.index);
    return answer === null ? null : answerText(answer.text, answerForm(protocol, side));
  };
  const cheap = attempts.findLast(
    ({ role, tier: at }) =>
      at === tier && (role === "triage" || role === "shadow_triage" || role === "candidate"),
  );
  const deep = attempts.findLast(
    ({ role, tier: at }) => (role === "answer" || role === "shadow_answer") && at === deepTier,
  );
  return { cheap: await textOf(cheap, "cheap"), deep: await textOf(deep, "deep") };
}

const VERDICT: AnswerForm = { kind: "verdict", isCertain: true };

async function importedAnswers(
  ledger: TextLedger,
  { itemId, tier, deepTier, confidence }: Evidence,
): Promise<Answers> {
  const cheap = await readAnswer(ledger, itemId, tier);
  const deep = await readAnswer(ledger, itemId, deepTier);
  // Which protocol it was is known where it came from: an answer in the client's own shape shows it.
  const isVerdict = cheap !== null && answerText(cheap.text, VERDICT) !== null;
  const field = cheap === null || isVerdict ? null : statedField(cheap.text, confidence);
  const forms: Record<"cheap" | "deep", AnswerForm> =
    field === null
      ? { cheap: { kind: "verdict", isCertain: false }, deep: { kind: "plain" } }
      : { cheap: { kind: "field", field }, deep: { kind: "field", field } };
  return {
    cheap: cheap === null ? null : answerText(cheap.text, forms.cheap),
    deep: deep === null ? null : answerText(deep.text, forms.deep),
  };
}

async function readAnswer(
  ledger: TextLedger,
  itemId: string,
  position: number,
): Promise<StoredAnswer | null> {
  const body = await ledger.body(itemId, `answer:${position}`);
  return body === null ? null : storedAnswer(body);
}
