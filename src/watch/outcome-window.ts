/** The last outcomes, yes or no, in the order in which they came. */
export interface OutcomeWindow {
  add(isHit: boolean): void;
  hits(): number;
  trials(): number;
  isFull(): boolean;
  /** Zeros and ones, oldest first. */
  toText(): string;
}

/** @param text what `toText` said; of more than fits, the last ones are taken */
export function createOutcomeWindow(size: number, text = ""): OutcomeWindow {
  const ring = new Uint8Array(size);
  let next = 0;
  let trials = 0;
  let hits = 0;
  const window: OutcomeWindow = {
    add: (isHit) => {
      if (trials === size) hits -= ring[next] ?? 0;
      else trials += 1;
      ring[next] = isHit ? 1 : 0;
      if (isHit) hits += 1;
      next = (next + 1) % size;
    },
    hits: () => hits,
    trials: () => trials,
    isFull: () => trials === size,
    toText: () => {
      const first = trials === size ? next : 0;
      return Array.from({ length: trials }, (_, i) => ring[(first + i) % size]).join("");
    },
  };
  for (const digit of text.slice(-size)) window.add(digit === "1");
  return window;
}
