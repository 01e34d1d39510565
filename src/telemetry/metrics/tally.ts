import { Counter, type Registry } from "prom-client";
import type { MetricDefinition } from "../metric-names.ts";
import { createSeriesByLabels } from "./series-by-labels.ts";

/**
 * A counter that is cheap to add to: the library hashes and checks labels at every step, this one
 * once per series. Handed to the library when it is scraped.
 */
export interface Tally {
  /** @param labels values in the order of the definition */
  add(amount: number, ...labels: readonly string[]): void;
}

/** @param perUnit amounts in one unit of the metric: a billion where nano-dollars are added */
export function createTally(
  definition: MetricDefinition,
  registry: Registry,
  perUnit: number = 1,
): Tally {
  const { name, help, labels: labelNames } = definition;
  const series = createSeriesByLabels(labelNames, () => ({ amount: 0 }));
  new Counter({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, series: sum } of series.all()) this.inc(labels, sum.amount / perUnit);
    },
  });
  return {
    add: (amount, ...labels) => {
      series.of(labels).amount += amount;
    },
  };
}
