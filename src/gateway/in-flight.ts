import type { GatewaySink } from "./client-sink.ts";

/** Place of one request among those being served, with the bytes it holds in memory. */
export interface Slot {
  /** Books bytes before they are kept; false when the budget is used up. Nothing is booked then. */
  reserve(bytes: number): boolean;
  /** Frees place and bytes. May be called again. */
  leave(): void;
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
  return new PlacesInUse(maxRequests, maxBytes);
}

/**
 * The slots are an array in no order, not a `Map`: V8 replaces the table of a map that is filled
 * and emptied all the time, and each old table points to the next one. A single table that reached
 * the old generation then keeps all later ones alive, and with them every request they held.
 */
class PlacesInUse implements InFlight {
  bytes = 0;
  readonly #maxRequests: number;
  readonly #maxBytes: number;
  readonly #slots: PlaceInUse[] = [];
  #waiting: (() => void)[] = [];

  constructor(maxRequests: number, maxBytes: number) {
    this.#maxRequests = maxRequests;
    this.#maxBytes = maxBytes;
  }

  get requests(): number {
    return this.#slots.length;
  }

  enter(sink: GatewaySink): Slot | null {
    if (this.#slots.length >= this.#maxRequests) return null;
    const slot = new PlaceInUse(this, sink, this.#slots.length);
    this.#slots.push(slot);
    return slot;
  }

  *sinks(): Iterable<GatewaySink> {
    for (const { sink } of [...this.#slots]) yield sink;
  }

  whenEmpty(): Promise<void> {
    if (this.#slots.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  reserve(bytes: number): boolean {
    if (this.bytes + bytes > this.#maxBytes) return false;
    this.bytes += bytes;
    return true;
  }

  /** The last slot takes the place of the one that leaves. */
  remove(slot: PlaceInUse, bytes: number): void {
    this.bytes -= bytes;
    const last = this.#slots.pop();
    if (last !== undefined && last !== slot) {
      last.position = slot.position;
      this.#slots[slot.position] = last;
    }
    if (this.#slots.length > 0) return;
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }
}

class PlaceInUse implements Slot {
  readonly sink: GatewaySink;
  /** Index in the array of slots. */
  position: number;
  readonly #places: PlacesInUse;
  #bytes = 0;
  #hasLeft = false;

  constructor(places: PlacesInUse, sink: GatewaySink, position: number) {
    this.#places = places;
    this.sink = sink;
    this.position = position;
  }

  reserve(bytes: number): boolean {
    if (this.#hasLeft || !this.#places.reserve(bytes)) return false;
    this.#bytes += bytes;
    return true;
  }

  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#places.remove(this, this.#bytes);
  }
}
