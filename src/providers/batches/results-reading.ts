import type {
  Provider,
  UpstreamCall,
  UpstreamFailure,
  UpstreamHead,
  UpstreamRequest,
  UpstreamSink,
} from "../provider.ts";
import { isSuccess, MAX_ERROR_BYTES } from "./batch-call.ts";
import { failedCall, httpError, interrupted, unreadable } from "./batch-failure.ts";
import type { BatchFailure, BatchOutcome } from "./batch-failure.ts";
import { readBatchResult } from "./batch-result.ts";
import type { BatchResult } from "./batch-result.ts";
import { LineSplitter } from "./line-splitter.ts";

/** How many results were handed over. */
export interface ResultsRead {
  readonly count: number;
}

/** Takes one result; the next waits until it is done. */
export type TakeResult = (result: BatchResult) => Promise<void> | void;

export interface ResultsReadingParts {
  readonly provider: Provider;
  readonly request: UpstreamRequest;
  readonly onResult: TakeResult;
  readonly signal: AbortSignal | undefined;
}

/** Most bytes of one line; the longest answer of a model has a few million. */
const MAX_RESULT_BYTES = 32 * 1024 * 1024;

/** Reads the results of a batch line by line, no faster than they are taken. */
export function readResults(parts: ResultsReadingParts): Promise<BatchOutcome<ResultsRead>> {
  if (parts.signal?.aborted === true) {
    return Promise.resolve({ ok: false, failure: interrupted(null, false, false) });
  }
  const reading = new ResultsReading(parts);
  reading.begin();
  return reading.outcome;
}

class ResultsReading implements UpstreamSink {
  readonly outcome: Promise<BatchOutcome<ResultsRead>>;
  readonly #parts: ResultsReadingParts;
  readonly #settle: PromiseWithResolvers<BatchOutcome<ResultsRead>>;
  readonly #lines = new LineSplitter();
  readonly #errorBody: Uint8Array[] = [];
  #errorBytes = 0;
  #call: UpstreamCall | null = null;
  #head: UpstreamHead | null = null;
  /** What came behind the last chunk: null while more may come. */
  #ending: { readonly failure: UpstreamFailure | null } | null = null;
  #count = 0;
  #isTaking = false;
  #isOver = false;

  constructor(parts: ResultsReadingParts) {
    this.#parts = parts;
    this.#settle = Promise.withResolvers();
    this.outcome = this.#settle.promise;
  }

  begin(): void {
    const { provider, request, signal } = this.#parts;
    this.#call = provider.send(request, this);
    signal?.addEventListener("abort", this.#interrupt, { once: true });
  }

  onHead(head: UpstreamHead): void {
    this.#head = head;
  }

  onChunk(chunk: Uint8Array): void {
    if (this.#isOver || this.#head === null) return;
    if (isSuccess(this.#head)) {
      this.#lines.push(chunk);
      void this.#take();
      return;
    }
    if (this.#errorBytes > MAX_ERROR_BYTES) return;
    this.#errorBody.push(chunk);
    this.#errorBytes += chunk.length;
  }

  onEnd(): void {
    this.#ending = { failure: null };
    void this.#take();
  }

  onFailure(failure: UpstreamFailure): void {
    this.#ending = { failure };
    void this.#take();
  }

  /** Hands over what has come. Only one runs at a time; each goes on until nothing is left. */
  async #take(): Promise<void> {
    if (this.#isTaking || this.#isOver) return;
    this.#isTaking = true;
    try {
      let line = this.#lines.take();
      while (line !== null) {
        const taken = this.#handOver(line);
        if (taken !== undefined) {
          this.#call?.pause();
          await taken;
        }
        if (this.#isOver) return;
        line = this.#lines.take();
      }
      const last = this.#ending?.failure === null ? this.#lines.takeRest() : null;
      if (last !== null) await this.#handOver(last);
    } catch (error) {
      this.#throw(error);
    } finally {
      this.#isTaking = false;
    }
    if (this.#isOver) return;
    if (this.#lines.begunBytes > MAX_RESULT_BYTES) this.#failTooLarge();
    else if (this.#ending !== null) this.#concludeWith(this.#ending.failure);
    else this.#call?.resume();
  }

  /** @returns what to wait for, if anything */
  #handOver(line: Uint8Array): Promise<void> | void {
    if (isBlank(line)) return;
    const result = readBatchResult(line);
    if (result !== null) {
      this.#count += 1;
      return this.#parts.onResult(result);
    }
    const message = `Result ${this.#count + 1} of a batch has no shape that is known.`;
    if (this.#head === null) return;
    this.#fail(unreadable("result_unreadable", message, this.#head, false));
  }

  #failTooLarge(): void {
    const message = `Result ${this.#count + 1} of a batch has more than ${MAX_RESULT_BYTES} bytes.`;
    if (this.#head === null) return;
    this.#fail(unreadable("result_too_large", message, this.#head, false));
  }

  #concludeWith(failure: UpstreamFailure | null): void {
    const head = this.#head;
    if (head !== null && !isSuccess(head)) {
      this.#fail(httpError(head, Buffer.concat(this.#errorBody), false));
    } else if (failure !== null) this.#fail(failedCall(failure, head, false));
    else {
      this.#end();
      this.#settle.resolve({ ok: true, value: { count: this.#count } });
    }
  }

  readonly #interrupt = (): void => {
    this.#fail(interrupted(this.#head, true, false));
  };

  #fail(failure: BatchFailure): void {
    if (this.#isOver) return;
    this.#end();
    this.#settle.resolve({ ok: false, failure });
  }

  /** The taker broke, which is no matter of the API. */
  #throw(error: unknown): void {
    this.#end();
    this.#settle.reject(error);
  }

  #end(): void {
    this.#isOver = true;
    this.#parts.signal?.removeEventListener("abort", this.#interrupt);
    this.#call?.abort();
  }
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
}
