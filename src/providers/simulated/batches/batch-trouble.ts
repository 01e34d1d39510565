import { readFault, readFaultEntries } from "../simulated-fault.ts";
import type { FaultEntry, SimulatedFault } from "../simulated-fault.ts";

/** What a fault function for batches may look at. */
export interface SimulatedBatchCall {
  readonly action: BatchAction;
  /** How many requests of any kind came before. */
  readonly index: number;
}

export type BatchAction = "create" | "list" | "retrieve" | "cancel" | "results";

/** What goes wrong with one call of a batch endpoint. */
export interface BatchTrouble {
  /**
   * `status` and a refused connection leave everything as it was. With every other fault the call
   * does what it should, and only its answer suffers: a batch is made, and nobody learns its id.
   */
  readonly fault?: BatchFault | null;
  /** Shares (0–1) of a new batch's requests that do not succeed, evenly spread. */
  readonly shares?: BatchShares;
}

export type BatchFault = Extract<SimulatedFault, { readonly kind: (typeof FAULT_KINDS)[number] }>;

export interface BatchShares {
  /** Overloaded: the same request may succeed another time. */
  readonly errored?: number;
  /** Not done within the time a batch has, though the simulation does not wait for that. */
  readonly expired?: number;
  readonly canceled?: number;
}

const FAULT_KINDS = [
  "status",
  "connect_refused",
  "connect_hang",
  "hang",
  "die_before_head",
  "die",
  "stall",
  "text",
] as const;

/**
 * Reads the header `x-simulate` of a call of a batch endpoint. Entries without a scope, or with the
 * scope `batch`, are about the call itself: `status=529`, `connect-refused`, `connect-hang`, `hang`,
 * `die-before-head`, `die-…` and `stall-…` (in the middle of the body, or at the place), `text=…` (the
 * body is exactly this). `batch-errored=SHARE`, `batch-expired=SHARE` and `batch-canceled=SHARE` are
 * about the requests of a new batch. All other scopes are about single requests of a new batch, which
 * read them as a call of their own would.
 */
export function batchTroubleFromHeader(header: string): BatchTrouble {
  const entries = readFaultEntries(header).filter(isAboutTheCall);
  const fault = entries.map(({ text }) => readFault(text)).find(isBatchFault) ?? null;
  const share = (name: string): number =>
    entries.map(({ text }) => readShare(text, name)).find((value) => value !== null) ?? 0;
  return {
    fault,
    shares: {
      errored: share("batch-errored"),
      expired: share("batch-expired"),
      canceled: share("batch-canceled"),
    },
  };
}

/** The other entries of the header, for the requests of a batch. */
export function requestEntries(header: string): readonly FaultEntry[] {
  return readFaultEntries(header).filter((entry) => !isAboutTheCall(entry));
}

function isAboutTheCall({ scope }: FaultEntry): boolean {
  return scope === null || scope === "batch";
}

function isBatchFault(fault: SimulatedFault | null): fault is BatchFault {
  return fault !== null && FAULT_KINDS.some((kind) => kind === fault.kind);
}

function readShare(text: string, name: string): number | null {
  const [word, value = ""] = text.split("=");
  return word === name && /^(0(\.\d+)?|1(\.0+)?)$/.test(value) ? Number(value) : null;
}
