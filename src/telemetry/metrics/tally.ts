import { Counter, type Registry } from "prom-client";
import type { MetricDefinition } from "../metric-names.ts";

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
  const names = definition.labels;
  const series = new Map<string, { readonly labels: readonly string[]; amount: number }>();
  new Counter({
    name: definition.name,
    help: definition.help,
    labelNames: [...names],
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, amount } of series.values()) {
        const named = Object.fromEntries(names.map((name, index) => [name, labels[index] ?? ""]));
        this.inc(named, amount / perUnit);
      }
    },
  });
  return {
    add: (amount, ...labels) => {
      // No label value holds a line end: they are configured names and words.
      const key = labels.join("\n");
      const known = series.get(key);
      if (known === undefined) series.set(key, { labels, amount });
      else known.amount += amount;
    },
  };
}
