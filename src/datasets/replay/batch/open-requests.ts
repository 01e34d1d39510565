import type { NanoUsd } from "../../../catalogue/cost.ts";
import type { BatchRequest } from "./batch-asker.ts";

/** How much goes into one batch. */
export interface BatchSize {
  readonly requests: number;
  readonly bytes: number;
}

/**
 * Well within what the Message Batches API takes (100,000 requests, 256 MB): the memory for a batch
 * is held while it is put together, and what is lost from sight by a broken call is no more than it.
 */
export const BATCH_SIZE: BatchSize = { requests: 10_000, bytes: 64 * 1024 * 1024 };

/** Requests that are to make up a batch. */
export interface GatheredRequests {
  readonly requests: readonly BatchRequest[];
  /** The most that they may cost; null = one of them is unpriced. */
  readonly highNanoUsd: NanoUsd | null;
}

/** Gathers requests for one tier until they fill a batch. */
export class OpenRequests {
  readonly #size: BatchSize;
  #requests: BatchRequest[] = [];
  #bytes = 0;
  #highNanoUsd: NanoUsd | null = 0n;

  constructor(size: BatchSize) {
    this.#size = size;
  }

  get isEmpty(): boolean {
    return this.#requests.length === 0;
  }

  /** Nothing more is to be added before `take`. */
  get isFull(): boolean {
    return this.#requests.length >= this.#size.requests || this.#bytes >= this.#size.bytes;
  }

  add(request: BatchRequest, highNanoUsd: NanoUsd | null): void {
    this.#requests.push(request);
    this.#bytes += request.body.length;
    const sum = this.#highNanoUsd;
    this.#highNanoUsd = sum === null || highNanoUsd === null ? null : sum + highNanoUsd;
  }

  take(): GatheredRequests {
    const gathered = { requests: this.#requests, highNanoUsd: this.#highNanoUsd };
    this.#requests = [];
    this.#bytes = 0;
    this.#highNanoUsd = 0n;
    return gathered;
  }
}
