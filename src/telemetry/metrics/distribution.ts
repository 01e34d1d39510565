import { Histogram, type Registry } from "prom-client";
import type { MetricDefinition } from "../metric-names.ts";

/** A histogram by definition; see `Tally` for why labels are plain values. */
export interface Distribution {
  observe(value: number, ...labels: readonly string[]): void;
}

export function createDistribution(
  definition: MetricDefinition,
  buckets: readonly number[],
  registry: Registry,
): Distribution {
  const names = definition.labels;
  const histogram = new Histogram({
    name: definition.name,
    help: definition.help,
    labelNames: [...names],
    registers: [registry],
    buckets: [...buckets],
  });
  /** Labels of each series, so that they are not made anew every time. */
  const series = new Map<string, Record<string, string>>();
  return {
    observe: (value, ...labels) => {
      const key = labels.join("\n");
      let named = series.get(key);
      if (named === undefined) {
        named = Object.fromEntries(names.map((name, index) => [name, labels[index] ?? ""]));
        series.set(key, named);
      }
      histogram.observe(named, value);
    },
  };
}
