import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { FakeFolder } from "../../src/cli/fake-run.fixture.ts";
import {
  expectedOfRoute,
  expectedOfTier,
  type ExpectedTables,
  type ReportJson,
} from "./expected-tables.ts";
import { expectedSpan, expectedWords } from "./expected-words.ts";
import { numbersIn, recordReads } from "./record-reads.ts";
import {
  asTextBlocks,
  readCsv,
  readHtml,
  readMarkdown,
  readText,
  sectionIds,
} from "./read-report.ts";
import { REPORT_MS, seededFolder, sparseFolder } from "./seeded-ledger.ts";

interface Forms {
  readonly json: string;
  readonly text: string;
  readonly markdown: string;
  readonly csv: string;
  readonly html: string;
}

const LEDGERS: Readonly<Record<string, () => Promise<FakeFolder>>> = {
  "eight hundred requests of two routes": seededFolder,
  "a dozen requests, too few for a rate": () => sparseFolder(12),
  "a simulation": () => sparseFolder(40, { isSimulated: true }),
};

const made = new Map<string, Forms>();

beforeAll(async () => {
  // All runs are of one moment; only the time of day stands still.
  vi.useFakeTimers({ toFake: ["Date"], now: REPORT_MS });
  for (const [name, open] of Object.entries(LEDGERS)) {
    const folder = await open();
    made.set(name, await formsOf(folder));
    folder.remove();
  }
}, 60_000);
afterAll(() => {
  vi.useRealTimers();
});

async function formsOf(folder: FakeFolder): Promise<Forms> {
  const run = async (...options: readonly string[]): Promise<string> => {
    const { exitCode, out, notes } = await folder.run(["report", ...options]);
    expect({ exitCode, notes }).toEqual({ exitCode: 0, notes: "" });
    return out.trimEnd();
  };
  return {
    json: await run("--json"),
    text: await run(),
    markdown: await run("--md"),
    csv: await run("--csv"),
    html: await run("--html", "-"),
  };
}

describe.each(Object.keys(LEDGERS))("a report of %s", (name) => {
  let forms: Forms;
  let report: ReportJson;
  beforeAll(() => {
    forms = made.get(name) ?? expect.fail("no report was made");
    report = JSON.parse(forms.json);
  });

  test("says in every form of which time it is, and when it is of a simulation", () => {
    const { csv, html, markdown, text } = forms;
    const span = expectedSpan(report);
    for (const form of [html, markdown, text]) expect(form).toContain(span);
    const isSimulated = report.routes.some((route) => route.isSimulated);
    for (const form of [csv, html, markdown, text]) {
      expect(form.includes("SIMULATED")).toBe(isSimulated);
    }
  });

  test("has the words and cells of its Markdown in the page and in the terminal", () => {
    const parts = readMarkdown(forms.markdown);
    expect(parts.length).toBeGreaterThan(1);
    expect(readHtml(forms.html)).toEqual(parts);
    expect(readText(forms.text).slice(1)).toEqual(parts.flatMap(asTextBlocks));
  });

  test("has in every cell the number of its JSON", () => {
    const ids = sectionIds(forms.html);
    const shown = readMarkdown(forms.markdown).map(({ sections }) =>
      Object.fromEntries(
        sections.map(({ question, rows }) => [ids.get(question) ?? question, rows.slice(1)]),
      ),
    );
    expect(shown).toEqual(expectedParts(report).map((tables) => textsOf(tables)));
  });

  test("has in its CSV every cell of every table, with unrounded values", () => {
    const titles = readMarkdown(forms.markdown).map(({ title }) => title);
    const expected = expectedParts(report).flatMap((tables, part) =>
      Object.entries(tables).flatMap(([section, rows]) =>
        rows.flatMap((row, index) =>
          row.map(([text, value]) => [titles[part], section, String(index + 1), text, value]),
        ),
      ),
    );
    const cells = readCsv(forms.csv);
    const isCell = ({ section }: (typeof cells)[number]): boolean => section !== "warnings";
    expect(
      cells
        .filter(isCell)
        .map(({ part, section, row, text, value }) => [...[part, section, row, text, value]]),
    ).toEqual(expected);
  });

  test("says the numbers of its JSON in facts, answers and notes", () => {
    const ids = sectionIds(forms.html);
    const parts = readMarkdown(forms.markdown);
    const expected = expectedWords(report);
    expect(parts.map(({ facts }) => facts)).toEqual(expected.map(({ facts }) => facts));
    for (const [index, { sections }] of expected.entries()) {
      const said = new Map(
        parts[index]?.sections.map(({ question, answer, notes }) => [
          ids.get(question),
          [answer, ...notes].join("\n"),
        ]),
      );
      for (const [id, words] of Object.entries(sections)) {
        for (const part of words) expect(said.get(id)).toContain(part);
      }
    }
  });
});

test("what of the JSON no other form shows is named, here and on the page about reports", () => {
  const page = readFileSync(new URL("../../docs/reading-a-report.md", import.meta.url), "utf8");
  const shown = new Set<string>();
  const all = new Set<string>();
  for (const { json } of made.values()) {
    const report: ReportJson = JSON.parse(json);
    const recorded = recordReads(report);
    expectedSpan(recorded.value);
    expectedParts(recorded.value);
    expectedWords(recorded.value);
    for (const number of numbersIn(report)) all.add(number);
    for (const number of recorded.read) shown.add(number);
  }
  const left = [...all].filter((number) => !shown.has(number));
  expect(left.filter((number) => !ONLY_JSON.some(({ of }) => of.test(number)))).toEqual([]);
  // What fits nothing any more has to go, lest it hides the next one.
  expect(ONLY_JSON.filter(({ of }) => !left.some((number) => of.test(number)))).toEqual([]);
  expect(ONLY_JSON.filter(({ word }) => !page.includes(`\`${word}\``))).toEqual([]);
});

/** Numbers for programs: parts of others, or detail that would bury what people read. */
const ONLY_JSON: readonly { readonly of: RegExp; readonly word: string }[] = [
  { of: /^version$/, word: "version" },
  { of: /\.settings\./, word: "settings" },
  { of: /\.key\.(tier|deepTier)$/, word: "key" },
  { of: /\.readFrom$/, word: "readFrom" },
  { of: /\.(upperBound|lowerBound)$/, word: "upperBound" },
  { of: /\.effective\./, word: "effective" },
  { of: /\.judge\./, word: "judge" },
  { of: /\.(points\[\]\.wrong|shuffled)\.wrong$/, word: "wrong" },
  { of: /\.unread$/, word: "unread" },
  { of: /\.rate\.graded$/, word: "rate" },
  { of: /\.promised\.failureProbability$/, word: "failureProbability" },
  { of: /\.deepWrong\./, word: "deepWrong" },
  { of: /\.tasks\[\]\.items$/, word: "items" },
  { of: /\.slices\.(wrong|wrongShare|omittedFeatures)$/, word: "slices" },
  { of: /\.slices\[\]\.(wrong|p)$/, word: "p" },
  { of: /\.standardError$/, word: "standardError" },
  { of: /\.largest\.(share|interval\.(low|high))$/, word: "largest" },
  { of: /\.points\[\]\.(coverage|risk)$/, word: "coverage" },
  { of: /\.points\[\]\.shipShare$/, word: "shipShare" },
  { of: /\.excessArea$/, word: "excessArea" },
  { of: /\.costs\./, word: "costs" },
  { of: /\.ofSlices\[\]\[\]\.confidence$/, word: "ofSlices" },
  { of: /\.(firstByte|gateway)\./, word: "firstByte" },
];

/** For each part in the order of the report. */
function expectedParts({ routes }: ReportJson): readonly ExpectedTables[] {
  return routes.flatMap((route) => [...route.tiers.map(expectedOfTier), expectedOfRoute(route)]);
}

function textsOf(tables: ExpectedTables): Record<string, readonly (readonly string[])[]> {
  return Object.fromEntries(
    Object.entries(tables).map(([id, rows]) => [id, rows.map((row) => row.map(([text]) => text))]),
  );
}
