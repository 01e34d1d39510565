import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { METRICS, METRIC_LIST, PROCESS_METRICS } from "../../src/telemetry/metric-names.ts";

const OPS = join(import.meta.dirname, "../../ops");
const DASHBOARD = JSON.parse(readFileSync(join(OPS, "grafana/leadsman.json"), "utf8")) as Dashboard;
const RULES = parse(readFileSync(join(OPS, "prometheus/leadsman-rules.yaml"), "utf8")) as RuleFile;

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly gridPos: {
      readonly x: number;
      readonly y: number;
      readonly w: number;
      readonly h: number;
    };
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly definition?: string }[] };
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
const expressions: readonly (readonly [string, string])[] = [
  ...panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [`panel ${title}`, expr] as const),
  ),
  ...rules.map(({ alert, expr }) => [`alert ${alert}`, expr] as const),
  ...DASHBOARD.templating.list.flatMap(({ definition }) =>
    definition === undefined ? [] : [["variable", definition] as const],
  ),
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

/** Put on every series by whoever scrapes. */
const SCRAPE_LABELS = ["job", "instance"];

describe("the dashboard and the rules", () => {
  const known = knownNames();

  test.each(expressions)("%s speaks of our metrics and their labels only: %s", (_, expression) => {
    const withoutTexts = expression.replaceAll(/"[^"]*"/g, '""');
    const names = withoutTexts.match(/\b(?:leadsman_\w+|up)\b/g) ?? [];
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect([...known.keys()]).toContain(name);
    const labels = names.flatMap((name) => known.get(name) ?? []);
    for (const [, list = ""] of withoutTexts.matchAll(/\b(?:by|without) \(([^)]*)\)/g)) {
      for (const label of list.split(/,\s*/))
        expect([...labels, ...SCRAPE_LABELS]).toContain(label);
    }
    for (const [, name = "", list = ""] of withoutTexts.matchAll(/(\w+)\{([^}]*)\}/g)) {
      for (const [, label] of list.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)) {
        expect([...(known.get(name) ?? []), ...SCRAPE_LABELS]).toContain(label);
      }
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
    const all = expressions.map(([, expression]) => expression).join("\n");
    const unseen = METRIC_LIST.filter(({ name }) => !all.includes(name)).map(({ name }) => name);
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
