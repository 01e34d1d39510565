import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { FakeFolder } from "../../src/cli/fake-run.fixture.ts";
import {
  expectedExperiment,
  expectedExperimentWords,
  type ExperimentJson,
} from "./expected-experiment.ts";
import { experimentFolder } from "./experiment-ledger.ts";
import { numbersIn, recordReads } from "./record-reads.ts";
import {
  asTextBlocks,
  readCsv,
  readHtml,
  readMarkdown,
  readText,
  sectionIds,
} from "./read-report.ts";
import { REPORT_MS } from "./seeded-ledger.ts";

/** A user in how many is in control, where one in five is configured. */
const EXPERIMENTS = { "as configured": 5, "with twice the control": 2, "hardly begun": 200 };

interface Made {
  readonly report: ExperimentJson;
  readonly text: string;
  readonly markdown: string;
  readonly csv: string;
  readonly html: string;
}

const made = new Map<string, Made>();
let folder: FakeFolder;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: REPORT_MS });
  for (const [name, controlEvery] of Object.entries(EXPERIMENTS)) {
    folder = await experimentFolder(controlEvery);
    const run = async (...options: readonly string[]): Promise<string> => {
      const { exitCode, out, notes } = await folder.run(["report", "--experiment", ...options]);
      expect({ exitCode, notes }).toEqual({ exitCode: 0, notes: "" });
      return out.trimEnd();
    };
    made.set(name, {
      report: JSON.parse(await run("--json")),
      text: await run(),
      markdown: await run("--md"),
      csv: await run("--csv"),
      html: await run("--html", "-"),
    });
    folder.remove();
  }
}, 60_000);
afterAll(() => {
  vi.useRealTimers();
});

describe.each(Object.keys(EXPERIMENTS))("an experiment %s", (name) => {
  const forms = (): Made => made.get(name) ?? expect.fail("no report was made");

  test("has the same words and cells in every form", () => {
    const { csv, html, markdown, text } = forms();
    const parts = readMarkdown(markdown);
    expect(parts.map(({ title }) => title)).toEqual(["Route support", "Route quiet"]);
    expect(readHtml(html)).toEqual(parts);
    expect(readText(text).slice(1)).toEqual(parts.flatMap(asTextBlocks));
    expect(csv).not.toContain("SIMULATED");
  });

  test("has in every cell the number of its JSON, unrounded in the CSV", () => {
    const { csv, html, markdown, report } = forms();
    const ids = sectionIds(html);
    const shown = readMarkdown(markdown).map(({ sections }) =>
      Object.fromEntries(
        sections.map(({ question, rows }) => [ids.get(question) ?? question, rows.slice(1)]),
      ),
    );
    const expected = report.routes.map(expectedExperiment);
    const textsOf = (tables: (typeof expected)[number]) =>
      Object.fromEntries(
        Object.entries(tables).map(([id, rows]) => [
          id,
          rows.map((row) => row.map(([text]) => text)),
        ]),
      );
    expect(shown).toEqual(expected.map(textsOf));
    expect(
      readCsv(csv).map(({ section, text, value }) => [section, text.replace(/^'-/, "-"), value]),
    ).toEqual(
      expected.flatMap((tables) =>
        Object.entries(tables).flatMap(([id, rows]) =>
          rows.flatMap((row) => row.map(([text, value]) => [id, text, value])),
        ),
      ),
    );
  });

  test("says the other numbers of its JSON in facts, answers and notes", () => {
    const { html, markdown, report } = forms();
    const ids = sectionIds(html);
    const parts = readMarkdown(markdown);
    const expected = report.routes.map(expectedExperimentWords);
    expect(parts.map(({ facts }) => facts)).toEqual(expected.map(({ facts }) => facts));
    for (const [index, { sections }] of expected.entries()) {
      for (const [id, words] of Object.entries(sections)) {
        const section = parts[index]?.sections.find(({ question }) => ids.get(question) === id);
        const said = [section?.answer, ...(section?.notes ?? [])].join("\n");
        for (const part of words) expect(said).toContain(part);
      }
    }
  });
});

test("says what differs, and says nothing of a sample that cannot be believed", () => {
  const route = (name: string) => made.get(name)?.report.routes[0];
  expect(route("as configured")).toMatchObject({
    requests: 1_000,
    sample: { state: "sound", ratioP: 1, control: { units: 40 }, cascade: { units: 160 } },
    paired: { conclusion: "open", truth: { graded: 160, alikeByEscalation: 40 } },
    cost: { says: "lower", control: { value: 0.023 } },
    latency: { p50: { says: "lower" }, p95: { says: "higher" } },
    escalation: { value: 0.2 },
  });
  expect(route("with twice the control")?.sample.state).toBe("ratio_off");
  const answers = readMarkdown(made.get("with twice the control")?.markdown ?? "")[0]?.sections;
  expect(answers?.slice(2, 5).map(({ answer }) => answer)).toEqual(
    Array(3).fill("No verdict: the sample cannot be believed, see above."),
  );
  expect(route("hardly begun")).toMatchObject({
    sample: { state: "ratio_off", control: { units: 1 } },
    cost: { says: "not_known_yet", moreUnits: 29 },
  });
});

test("what of the JSON no other form shows is named, here and on the page about reports", () => {
  const page = readFileSync(new URL("../../docs/reading-a-report.md", import.meta.url), "utf8");
  const [all, shown] = [new Set<string>(), new Set<string>()];
  for (const { report } of made.values()) {
    const recorded = recordReads(report);
    for (const route of recorded.value.routes) {
      expectedExperiment(route);
      expectedExperimentWords(route);
    }
    for (const number of numbersIn(report)) all.add(number);
    for (const number of recorded.read) shown.add(number);
  }
  const left = [...all].filter((number) => !shown.has(number));
  expect(left.filter((number) => !ONLY_JSON.some(({ of }) => of.test(number)))).toEqual([]);
  expect(ONLY_JSON.filter(({ of }) => !left.some((number) => of.test(number)))).toEqual([]);
  expect(ONLY_JSON.filter(({ word }) => !page.includes(`\`${word}\``))).toEqual([]);
});

const ONLY_JSON: readonly { readonly of: RegExp; readonly word: string }[] = [
  { of: /^(version|fromMs|toMs)$/, word: "version" },
  { of: /\.p95\.(control|cascade)\.(requests|units)$/, word: "p95" },
];
