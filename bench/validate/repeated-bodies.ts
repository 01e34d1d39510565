import type { Random } from "../../src/support/random.ts";
import { createStormWatch, type StormObservation } from "../../src/watch/storm-watch.ts";

/** How bodies come again: the watch may count a body once in ten minutes. */
export interface RepeatedBodies {
  /** Each request so many times, within seconds and with one outcome, as retries are. */
  readonly times: number;
  /** Share of the traffic that is one and the same body, asked by everybody; it always ships. */
  readonly popularShare: number;
}

const LIMIT = 0.35;
/** One request a second, so that a popular body is counted once in 600 of them. */
const REQUEST_MS = 1_000;

function drawObservation(
  random: Random,
  n: number,
  rate: number,
  { popularShare }: RepeatedBodies,
): StormObservation {
  const isPopular = random() < popularShare;
  return {
    ...{ atMs: REQUEST_MS * n, model: "cheap", promptHash: "prompt", classes: [] },
    bodyHash: isPopular ? "popular" : `body ${n}`,
    cause: !isPopular && random() < rate ? "low_confidence" : null,
  };
}

/** Storms that are told while what is not popular escalates at the limit, per 100,000 of it. */
export function falseStormsOfRepeats(
  random: Random,
  bodies: RepeatedBodies,
  { runs, requests }: { readonly runs: number; readonly requests: number },
): number {
  let [alarms, others] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    const storms = createStormWatch(LIMIT, null);
    for (let n = 0; n < requests; n += 1) {
      const one = drawObservation(random, n, LIMIT, bodies);
      if (one.bodyHash !== "popular" && storms.open().size === 0) others += 1;
      for (let time = 0; time < bodies.times; time += 1) {
        const events = storms.observe({ ...one, atMs: one.atMs + time * 100 });
        if (events.some(({ kind }) => kind === "opened")) alarms += 1;
      }
    }
  }
  return (alarms * 100_000) / others;
}

/** Requests that are not popular until a storm of 60 % of them is told; nine in ten are by then. */
export function slowDelayOfRepeats(random: Random, bodies: RepeatedBodies, runs: number): number {
  const delays = Array.from({ length: runs }, () => {
    const storms = createStormWatch(LIMIT, null);
    let others = 0;
    for (let n = 0; ; n += 1) {
      const isInStorm = n >= 1_000;
      const one = drawObservation(random, n, isInStorm ? 0.6 : 0.28, bodies);
      if (isInStorm && one.bodyHash !== "popular") others += 1;
      const isTold = storms.observe(one).some(({ kind }) => kind === "opened");
      if (isTold && isInStorm) return others;
    }
  });
  return delays.toSorted((a, b) => a - b)[Math.ceil(0.9 * runs) - 1] ?? NaN;
}
