import type { NanoUsd } from "../catalogue/cost.ts";
import type { RequestRecord, ShadowPair } from "../cascade/receipt.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { decisionSentence } from "./decision-sentence.ts";
import { isSimulated } from "./status-report.ts";
import { savedShareOf } from "./traffic-totals.ts";

/** Everything about one request, with its sum. */
export interface ReceiptReport {
  readonly request: RequestRecord;
  readonly pair: ShadowPair | null;
  readonly sentence: string;
  readonly isSimulated: boolean;
  /** Sum of the attempts whose price is known. */
  readonly costNanoUsd: NanoUsd;
  readonly unpricedAttempts: number;
  /** An attempt's tokens were not fully reported by upstream. */
  readonly isEstimated: boolean;
  /** Null when it is not known what the deep model alone would have cost. */
  readonly allDeep: ReceiptAllDeep | null;
  /** Where prices came from, each once. */
  readonly priceSources: readonly string[];
}

export interface ReceiptAllDeep {
  readonly allDeepNanoUsd: NanoUsd;
  readonly basis: "measured" | "estimated";
  /** All-deep less cost; negative when this request cost more. */
  readonly savedNanoUsd: NanoUsd;
  /** Of the all-deep cost; null when that is 0. */
  readonly savedShare: number | null;
}

/** The receipt of a request, or null when the ledger has none of that id. */
export async function buildReceiptReport(
  ledger: Pick<Ledger, "request" | "pair">,
  requestId: string,
): Promise<ReceiptReport | null> {
  const request = await ledger.request(requestId);
  return request === null ? null : describeReceipt(request, await ledger.pair(requestId));
}

/** The id of the newest message call, or null when there is none. */
export async function newestReceiptId(ledger: Pick<Ledger, "requests">): Promise<string | null> {
  let after: string | undefined;
  for (;;) {
    const page = await ledger.requests({}, PAGE_ROWS, after);
    const found = page.rows.find(({ kind }) => kind === "messages");
    if (found !== undefined) return found.id;
    if (page.next === null) return null;
    after = page.next;
  }
}

const PAGE_ROWS = 50;

export function describeReceipt(request: RequestRecord, pair: ShadowPair | null): ReceiptReport {
  const { attempts } = request;
  const costNanoUsd = attempts.reduce((sum, attempt) => sum + (attempt.costNanoUsd ?? 0n), 0n);
  return {
    request,
    pair,
    sentence: decisionSentence(request),
    isSimulated: isSimulated(request),
    costNanoUsd,
    unpricedAttempts: attempts.filter((attempt) => attempt.costNanoUsd === null).length,
    isEstimated: attempts.some((attempt) => attempt.isEstimated),
    allDeep: describeAllDeep(request, costNanoUsd),
    priceSources: [...new Set(attempts.flatMap(({ priceSource }) => priceSource ?? []))],
  };
}

function describeAllDeep(
  { allDeepNanoUsd, allDeepBasis }: RequestRecord,
  costNanoUsd: NanoUsd,
): ReceiptAllDeep | null {
  if (allDeepNanoUsd === null || allDeepBasis === null) return null;
  return {
    allDeepNanoUsd,
    basis: allDeepBasis,
    savedNanoUsd: allDeepNanoUsd - costNanoUsd,
    savedShare: savedShareOf(costNanoUsd, allDeepNanoUsd),
  };
}
