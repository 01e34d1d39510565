import { Histogram, type Registry } from "prom-client";
import { invariant } from "../../support/invariant.ts";
import type { MetricDefinition } from "../metric-names.ts";
import { createSeriesByLabels, type NamedSeries, type SeriesByLabels } from "./series-by-labels.ts";

/** A histogram that is cheap to add to; see `Tally`. */
export interface Distribution {
  /** @param labels values in the order of the definition */
  observe(value: number, ...labels: readonly string[]): void;
}

/** @param bounds upper bounds of the buckets, ascending */
export function createDistribution(
  definition: MetricDefinition,
  bounds: readonly number[],
  registry: Registry,
): Distribution {
  const series = createSeriesByLabels(definition.labels, () => startCounts(bounds.length));
  // Without labels there is one series, and it is there before anything was seen.
  if (definition.labels.length === 0) series.of([]);
  new CountedHistogram(definition, bounds, registry, series);
  const claim = `${definition.name} is a number`;
  return {
    observe: (value, ...labels) => {
      invariant(Number.isFinite(value), claim);
      const counts = series.of(labels);
      counts.count += 1;
      counts.sum += value;
      const index = bounds.findIndex((bound) => value <= bound);
      if (index >= 0) counts.inBucket[index] = (counts.inBucket[index] ?? 0) + 1;
    },
  };
}

interface Counts {
  /** How many fell in each bucket and in none below it; those above the last bound in none. */
  readonly inBucket: number[];
  count: number;
  sum: number;
}

function startCounts(buckets: number): Counts {
  return { inBucket: Array.from({ length: buckets }, () => 0), count: 0, sum: 0 };
}

type Scraped = Awaited<ReturnType<Histogram["get"]>>;

/**
 * The library's histogram with counts of ours: it has no way to be given any. It hashes labels at
 * every value, which was most of what counting a request cost.
 */
class CountedHistogram extends Histogram {
  readonly #head: Promise<Scraped>;
  readonly #valuesNow: () => Scraped["values"];

  constructor(
    { name, help, labels }: MetricDefinition,
    bounds: readonly number[],
    registry: Registry,
    series: SeriesByLabels<Counts>,
  ) {
    const options = { name, help, labelNames: [...labels], buckets: [...bounds] };
    super({ ...options, registers: [registry] });
    this.#head = new Histogram({ ...options, registers: [] }).get();
    this.#valuesNow = () => series.all().flatMap((one) => valuesOf(name, bounds, one));
  }

  override async get(): Promise<Scraped> {
    return { ...(await this.#head), values: this.#valuesNow() };
  }

  /** Asked by a registry instead of `get` where there is one, as there is in the class above. */
  getForPromString(): Promise<Scraped> {
    return this.get();
  }
}

function valuesOf(
  name: string,
  bounds: readonly number[],
  { labels, series }: NamedSeries<Counts>,
): Scraped["values"] {
  const metricName = `${name}_bucket`;
  let count = 0;
  const buckets = bounds.map((le, index) => {
    count += series.inBucket[index] ?? 0;
    return { metricName, labels: { le, ...labels }, value: count };
  });
  return [
    ...buckets,
    { metricName, labels: { le: "+Inf", ...labels }, value: series.count },
    { metricName: `${name}_sum`, labels, value: series.sum },
    { metricName: `${name}_count`, labels, value: series.count },
  ];
}
