/** Does work when a place is free, in the order of asking. */
export type Places = <Value>(work: () => Promise<Value>) => Promise<Value>;

/** @param count how much work may be under way at a time, from 1 */
export function createPlaces(count: number): Places {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
