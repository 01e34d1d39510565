import type { Attempt, NanoUsd, RequestRecord } from "../../cascade/receipt.ts";

/**
 * The record of one request with its sums. Money is in billionths of a US dollar, exact, as
 * `bigint`; `JSON.stringify` writes it as a string of digits. Background calls (`sampling`) end
 * after the answer and are in the ledger's record only.
 */
export interface Receipt extends RequestRecord {
  /** Cost of all attempts; null when the price of one is not known, never 0 for that. */
  readonly costNanoUsd: NanoUsd | null;
  /** Part of it for triages whose answer the caller did not get; null when a price is not known. */
  readonly wastedNanoUsd: NanoUsd | null;
  /**
   * What the deep model alone would have cost, less `costNanoUsd`; negative when the cascade cost
   * more. Null when either is not known. As measured or estimated as `allDeepBasis` says.
   */
  readonly savedNanoUsd: NanoUsd | null;
  /** True when tokens of an attempt were estimated because upstream did not report them all. */
  readonly isEstimated: boolean;
}

/** A record, for example from a ledger, with its sums. */
export function receiptOf(record: RequestRecord): Receipt {
  const { attempts, allDeepNanoUsd } = record;
  const costNanoUsd = sumOf(attempts);
  const receipt: Receipt = {
    ...record,
    costNanoUsd,
    wastedNanoUsd: sumOf(wastedTriages(record)),
    savedNanoUsd:
      allDeepNanoUsd === null || costNanoUsd === null ? null : allDeepNanoUsd - costNanoUsd,
    isEstimated: attempts.some((attempt) => attempt.isEstimated),
  };
  // Hidden, so that two receipts of one record are equal; JSON has no whole numbers of this size.
  Object.defineProperty(receipt, "toJSON", { value: () => withMoneyAsText(receipt) });
  return receipt;
}

/** When a triage ships, it is the last one: nothing is asked after it. */
function wastedTriages({ attempts, decision }: RequestRecord): readonly Attempt[] {
  const triages = attempts.filter(({ role }) => role === "triage");
  return decision === "shipped" ? triages.slice(0, -1) : triages;
}

function sumOf(attempts: readonly Attempt[]): NanoUsd | null {
  let sum = 0n;
  for (const { costNanoUsd } of attempts) {
    if (costNanoUsd === null) return null;
    sum += costNanoUsd;
  }
  return sum;
}

function withMoneyAsText(receipt: Receipt): unknown {
  const { attempts, ...rest } = receipt;
  return { ...moneyAsText(rest), attempts: attempts.map(moneyAsText) };
}

function moneyAsText(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => [
      name,
      typeof member === "bigint" ? member.toString() : member,
    ]),
  );
}
