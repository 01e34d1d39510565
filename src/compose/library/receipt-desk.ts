import type { RouterObserver } from "../../router/router.ts";
import { receiptOf, type Receipt } from "./receipt.ts";

/** Hands each record that the router ends to the call that it belongs to. */
export interface ReceiptDesk extends RouterObserver {
  /** Before the call is made: keeps its receipt until it is taken. */
  expect(requestId: string): void;
  /** The receipt, if there is one by now; it is not kept any longer. */
  take(requestId: string): Receipt | null;
}

export function createReceiptDesk(): ReceiptDesk {
  const receipts = new Map<string, Receipt | null>();
  return {
    requestEnded: (record) => {
      if (receipts.has(record.id)) receipts.set(record.id, receiptOf(record));
    },
    expect: (requestId) => {
      receipts.set(requestId, null);
    },
    take: (requestId) => {
      const receipt = receipts.get(requestId) ?? null;
      receipts.delete(requestId);
      return receipt;
    },
  };
}
