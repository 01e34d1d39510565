/** What a scrape says, by name and labels. */
export interface ScrapedMetrics {
  /** Kind of each metric, from its `# TYPE` line. */
  readonly types: ReadonlyMap<string, string>;
  /** Over all series of a name; fails where there is none. */
  sum(name: string): number;
  /** The sum for each value of a label. */
  sumBy(name: string, label: string): ReadonlyMap<string, number>;
  /** Of all series whose name does not match. */
  labelNames(but: RegExp): ReadonlySet<string>;
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads Prometheus' text format strictly: a line that is none fails. */
export function readMetrics(text: string): ScrapedMetrics {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split("\n")) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type !== null) types.set(type[1] ?? "", type[2] ?? "");
    else if (line !== "" && !line.startsWith("# HELP ")) samples.push(readSample(line));
  }
  const named = (name: string): readonly Sample[] => samples.filter((one) => one.name === name);
  return {
    types,
    sum: (name) => {
      if (!types.has(name.replace(/_(sum|count|bucket)$/, "")) && !types.has(name)) {
        throw new Error(`Wanted a metric ${name}, found none`);
      }
      return named(name).reduce((sum, { value }) => sum + value, 0);
    },
    sumBy: (name, label) => {
      const sums = new Map<string, number>();
      for (const { labels, value } of named(name)) {
        const key = labels[label] ?? "";
        sums.set(key, (sums.get(key) ?? 0) + value);
      }
      return sums;
    },
    labelNames: (but) =>
      new Set(
        samples.filter(({ name }) => !but.test(name)).flatMap(({ labels }) => Object.keys(labels)),
      ),
  };
}

function readSample(line: string): Sample {
  const [, name, list = "", value] = /^([a-z_]\w*)(?:\{(.*)\})? (\S+)$/i.exec(line) ?? [];
  if (name === undefined || value === undefined || Number.isNaN(Number(value))) {
    throw new Error(`Wanted a sample, found ${JSON.stringify(line)}`);
  }
  const labels = [...list.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"(?:,|$)/g)].map(
    ([, label = "", text = ""]) => [label, text] as const,
  );
  return {
    name,
    labels: Object.fromEntries(labels),
    value: Number(value.replace("+Inf", "Infinity")),
  };
}
