/**
 * One thing for each combination of label values that comes by. Found by one look-up a label: to join
 * values to a key, or to hash an object of them as the library does, costs more than the counting.
 */
export interface SeriesByLabels<Series> {
  /** @param labels values in the order of the metric's definition */
  of(labels: readonly string[]): Series;
  /** All of them with their labels by name, in the order in which they came. */
  all(): readonly NamedSeries<Series>[];
}

export interface NamedSeries<Series> {
  readonly labels: Readonly<Record<string, string>>;
  readonly series: Series;
}

export function createSeriesByLabels<Series>(
  names: readonly string[],
  create: () => Series,
): SeriesByLabels<Series> {
  const root: Branch<Series> = { branches: new Map(), series: null };
  const known: NamedSeries<Series>[] = [];
  return {
    of: (labels) => {
      let branch = root;
      for (const label of labels) branch = branchOf(branch, label);
      if (branch.series !== null) return branch.series;
      const series = create();
      branch.series = series;
      known.push({
        labels: Object.fromEntries(names.map((name, index) => [name, labels[index] ?? ""])),
        series,
      });
      return series;
    },
    all: () => known,
  };
}

/** The values of the first labels, and the series where they are all of them. */
interface Branch<Series> {
  readonly branches: Map<string, Branch<Series>>;
  series: Series | null;
}

function branchOf<Series>({ branches }: Branch<Series>, label: string): Branch<Series> {
  const known = branches.get(label);
  if (known !== undefined) return known;
  const branch: Branch<Series> = { branches: new Map(), series: null };
  branches.set(label, branch);
  return branch;
}
