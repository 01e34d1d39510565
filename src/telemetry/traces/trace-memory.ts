import type { TraceParent } from "./trace-parent.ts";

/** How many requests of the past keep their place in a client's trace. */
const KEPT = 1_000;

/**
 * Which requests belong to a trace of their client's. Those in flight are all known, of those that
 * ended the latest, for the calls that are made after them.
 */
export class TraceMemory {
  readonly #inFlight = new Map<string, TraceParent>();
  readonly #ended: (readonly [string, TraceParent])[] = [];
  #position = 0;

  begin(requestId: string, parent: TraceParent): void {
    this.#inFlight.set(requestId, parent);
  }

  end(requestId: string): void {
    const parent = this.#inFlight.get(requestId);
    if (parent === undefined) return;
    this.#inFlight.delete(requestId);
    this.#ended[this.#position] = [requestId, parent];
    this.#position = (this.#position + 1) % KEPT;
  }

  /** Null where the trace begins here. */
  parentOf(requestId: string): TraceParent | null {
    const here = this.#inFlight.get(requestId);
    if (here !== undefined) return here;
    return this.#ended.find(([id]) => id === requestId)?.[1] ?? null;
  }
}
