import type { GatewaySink } from "./client-sink.ts";

/** Place of one request among those being served, with the bytes it holds in memory. */
export interface Slot {
  /** Books bytes before they are kept; false when the budget is used up. Nothing is booked then. */
  reserve(bytes: number): boolean;
  /** Frees place and bytes. May be called again. */
  readonly leave: () => void;
}

/** The requests being served, bounded in number and bytes. */
export interface InFlight {
  readonly requests: number;
  readonly bytes: number;
  /** Null when the gateway is full. */
  enter(sink: GatewaySink): Slot | null;
  sinks(): Iterable<GatewaySink>;
  /** Resolves as soon as nothing is being served. */
  whenEmpty(): Promise<void>;
}

export function createInFlight(maxRequests: number, maxBytes: number): InFlight {
  const slots = new Map<Slot, GatewaySink>();
  let totalBytes = 0;
  let waiting: (() => void)[] = [];

  const enter = (sink: GatewaySink): Slot | null => {
    if (slots.size >= maxRequests) return null;
    let ownBytes = 0;
    let hasLeft = false;
    const slot: Slot = {
      reserve: (bytes) => {
        if (hasLeft || totalBytes + bytes > maxBytes) return false;
        ownBytes += bytes;
        totalBytes += bytes;
        return true;
      },
      leave: () => {
        if (hasLeft) return;
        hasLeft = true;
        slots.delete(slot);
        totalBytes -= ownBytes;
        if (slots.size > 0) return;
        for (const resolve of waiting) resolve();
        waiting = [];
      },
    };
    slots.set(slot, sink);
    return slot;
  };

  return {
    get requests() {
      return slots.size;
    },
    get bytes() {
      return totalBytes;
    },
    enter,
    sinks: () => slots.values(),
    whenEmpty: () =>
      slots.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.push(resolve);
          }),
  };
}
