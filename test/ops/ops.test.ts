import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { METRICS, METRIC_LIST, PROCESS_METRICS } from "../../src/telemetry/metric-names.ts";
import { readPromql } from "./read-promql.ts";

const OPS = join(import.meta.dirname, "../../ops");
const DASHBOARD = JSON.parse(readFileSync(join(OPS, "grafana/leadsman.json"), "utf8")) as Dashboard;
const RULES = parse(readFileSync(join(OPS, "prometheus/leadsman-rules.yaml"), "utf8")) as RuleFile;

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly description?: string;
    readonly datasource?: { readonly type: string; readonly uid: string };
    readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
    readonly gridPos: {
      readonly x: number;
      readonly y: number;
      readonly w: number;
      readonly h: number;
    };
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly definition?: string;
    }[];
  };
}

interface RuleFile {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly labels: { readonly severity: string };
      readonly annotations: { readonly summary: string; readonly description: string };
    }[];
  }[];
}

const rules = RULES.groups.flatMap((group) => group.rules);
const panels = DASHBOARD.panels.filter(({ type }) => type !== "row");
const targets = panels.flatMap(({ title, targets: list = [] }) =>
  list.map(({ expr, legendFormat }) => [`panel ${title}`, expr, legendFormat] as const),
);
const expressions: readonly (readonly [string, string])[] = [
  ...targets.map(([where, expression]) => [where, expression] as const),
  ...rules.map(({ alert, expr }) => [`alert ${alert}`, expr] as const),
];

/** Every name that a scrape may hold, with the labels it has there. */
function knownNames(): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, readonly string[]>([["up", []]]);
  for (const { name, kind, labels } of METRIC_LIST) {
    if (kind !== "histogram") names.set(name, labels);
    else
      for (const part of ["bucket", "sum", "count"])
        names.set(`${name}_${part}`, [...labels, "le"]);
  }
  for (const name of Object.values(PROCESS_METRICS)) names.set(name, []);
  return names;
}

/** Names of Grafana's units that fit ours. */
const UNITS = /^(?:short|s|bytes|reqps|percentunit|currencyUSD)$/;

/** Put on every series by whoever scrapes. */
const SCRAPE_LABELS = ["job", "instance"];

describe("the dashboard and the rules", () => {
  const known = knownNames();

  const labelsOf = (metric: string): readonly string[] => [
    ...(known.get(metric) ?? []),
    ...SCRAPE_LABELS,
  ];

  test.each(expressions)("%s reads our metrics by labels that they have: %s", (_, expression) => {
    const { selectors, groupings } = readPromql(expression);
    expect(selectors.length).toBeGreaterThan(0);
    for (const { metric, matched, isRange } of selectors) {
      expect([...known.keys()]).toContain(metric);
      for (const label of matched) expect(labelsOf(metric)).toContain(label);
      // A counter says something by its growth only; a gauge has none.
      expect([metric, isRange]).toEqual([metric, /_(?:total|bucket|sum|count)$/.test(metric)]);
    }
    for (const { by, selectors: inside } of groupings) {
      for (const label of by) {
        for (const { metric } of inside) expect(labelsOf(metric)).toContain(label);
      }
    }
  });

  test.each(targets)("%s has a line for what it groups by: %s", (_, expression, legend) => {
    const { groupings } = readPromql(expression);
    const named = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label);
    const grouped = new Set(groupings.flatMap(({ by }) => by).filter((label) => label !== "le"));
    expect(new Set(named)).toEqual(grouped);
  });

  test("the variable of routes is asked of a metric that has the label", () => {
    const definitions = DASHBOARD.templating.list.flatMap(({ definition = "" }) => definition);
    const [, metric = "", label = ""] =
      /^label_values\((\w+), (\w+)\)$/m.exec(definitions.join("\n")) ?? [];
    expect(known.get(metric)).toContain(label);
  });

  test("every panel has a description, a unit, and the data source that is chosen", () => {
    expect(DASHBOARD.templating.list).toContainEqual(
      expect.objectContaining({ name: "datasource", type: "datasource" }),
    );
    for (const { title, description = "", fieldConfig, datasource } of panels) {
      const unit = fieldConfig?.defaults.unit ?? "";
      expect({ title, unit }).toEqual({ title, unit: expect.stringMatching(UNITS) as string });
      expect(description.length, title).toBeGreaterThan(10);
      expect([title, datasource]).toEqual([title, { type: "prometheus", uid: "${datasource}" }]);
    }
  });

  test("answer the four questions with panels that do not overlap", () => {
    const rows = DASHBOARD.panels.filter(({ type }) => type === "row").map(({ title }) => title);
    expect(rows).toEqual([
      "Is it safe?",
      "Is it paying?",
      "What does it cost in time?",
      "Is anything stuck?",
    ]);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (__, cell) => `${x + (cell % w)}:${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(DASHBOARD.panels.map(({ id }) => id)).size).toBe(DASHBOARD.panels.length);
  });

  test("show every metric of ours somewhere", () => {
    const all = expressions.flatMap(([, expression]) => readPromql(expression).selectors);
    const seen = new Set(all.map(({ metric }) => metric));
    const unseen = METRIC_LIST.filter(
      ({ name }) => !seen.has(name) && !seen.has(`${name}_bucket`),
    ).map(({ name }) => name);
    // Scraping for other tools: the numbers of these stand in panels in another form.
    expect(unseen).toEqual([
      METRICS.bypasses.name,
      METRICS.inFlightBytes.name,
      METRICS.scrapeErrors.name,
    ]);
  });

  test("alerts have a weight, a sentence and what to do", () => {
    for (const { labels, annotations } of rules) {
      expect(["page", "notice"]).toContain(labels.severity);
      expect(annotations.summary.length).toBeGreaterThan(20);
      expect(annotations.description.length).toBeGreaterThan(20);
    }
  });
});

describe("reading PromQL", () => {
  test.each([
    "sum by (a (b)",
    "sum(rate(b))",
    "rate(b[5m] + c[5m])",
    "rate(sum(b))",
    "a{b=c}",
    "a{b}",
    "a[soon]",
    "a +",
    "a b",
    "a)",
    "unknown_function(a)",
    "",
  ])("%j is none", (query) => {
    expect(() => readPromql(query)).toThrow("Wanted");
  });
});
