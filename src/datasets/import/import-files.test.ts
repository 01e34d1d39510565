import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { evidenceCsvHeading, evidenceCsvLine } from "../rows/evidence-csv.ts";
import { anyEvidence } from "../rows/evidence-row.fixture.ts";
import { evidenceLine } from "../rows/evidence-row.ts";
import { openLineFile } from "../rows/line-file.ts";
import { createFakeImportLedger } from "./fake-import-ledger.fixture.ts";
import { importFiles, type ImportOptions } from "./import-files.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "leadsman-import-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const OPTIONS: ImportOptions = {
  route: "support",
  task: null,
  dataset: "set",
  isDatasetGiven: false,
  deepTier: 1,
  deepTiers: new Map([["support", 1]]),
  nowMs: 1_000,
  withBodies: true,
  models: {
    sideOf: (model) => (model === "small" ? "cheap" : model === "large" ? "deep" : null),
    readVerdict: (text) => ({ confidence: 0.5, answer: text.toUpperCase() }),
  },
  signal: new AbortController().signal,
  onBytes: () => undefined,
};

type Content = readonly (object | string)[];

async function imported(
  contents: readonly Content[],
  ledger = createFakeImportLedger(),
  options: Partial<ImportOptions> = {},
) {
  const files = await Promise.all(
    contents.map((rows, index) => {
      const text = rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row)));
      const path = join(folder, `rows-${index}`);
      writeFileSync(path, index % 2 === 1 ? gzipSync(text.join("\n")) : text.join("\n"));
      return openLineFile(`rows-${index}`, path);
    }),
  );
  const report = await importFiles(ledger, files, { ...OPTIONS, ...options });
  const texts = [...ledger.items.values()].flatMap(({ evidence, bodies }) =>
    bodies.map(({ part, bytes }) => `${evidence.tier} ${part} ${Buffer.from(bytes).toString()}`),
  );
  return {
    report,
    ledger,
    texts,
    evidence: [...ledger.items.values()].map((item) => item.evidence),
  };
}

function pair(id: string, correct: boolean | null, more: object = {}): object {
  return {
    id,
    input: "Is it?",
    cheap: { model: "small", answer: "yes", confidence: 0.9, correct },
    ...more,
  };
}

test("rows become items, plain and gzip, and the same again add nothing", async () => {
  const contents = [[pair("a", true), "", pair("b", false)], [pair("c", null)]];
  const first = await imported(contents);
  expect(first.report).toMatchObject({ rows: 3, added: 3, known: 0, refused: 0 });
  const again = await imported(contents, first.ledger, { nowMs: 2_000, dataset: "other" });
  expect(again.report).toMatchObject({ added: 0, known: 3, labelsAdded: 0, labelsDisputed: 0 });
  expect(again.ledger.grades).toEqual([]);
});

test("an item says what the gate would have said of it", async () => {
  const sides = [
    { answer: "a", confidence: 0.5 },
    { answer: "a" },
    { answer: "a", confidence: 1.5 },
    { answer: null, confidence: 0.5 },
    { answer: " ", confidence: 0.5 },
    { answer: "a", confidence: 0.5, missing: "truncated" },
    { confidence: 0.5 },
  ];
  const { evidence } = await imported([sides.map((cheap, id) => ({ id, input: "a", cheap }))]);
  expect(evidence.map(({ confidence, cheapMissing }) => [confidence, cheapMissing])).toEqual([
    [0.5, null],
    [null, "confidence_missing"],
    [null, "confidence_invalid"],
    [0.5, "null_answer"],
    [0.5, "blank_answer"],
    [0.5, "truncated"],
    [0.5, null],
  ]);
  expect(evidence[0]).toMatchObject({
    source: "import",
    propensity: 1,
    deepMissing: "not_sampled",
  });
});

test("texts are kept as bodies of the API, or not at all", async () => {
  const rows = [pair("a", true, { ideal: ["yes", "aye"], deep: { model: "large", answer: "no" } })];
  const message = (model: string, text: string): string =>
    JSON.stringify({
      type: "message",
      role: "assistant",
      model,
      content: [{ type: "text", text }],
    });
  expect((await imported([rows])).texts).toEqual([
    '0 request {"model":"large","max_tokens":4096,"messages":[{"role":"user","content":"Is it?"}]}',
    `0 answer:0 ${message("small", "yes")}`,
    `0 answer:1 ${message("large", "no")}`,
    "0 ideal yes",
  ]);
  expect((await imported([rows], undefined, { withBodies: false })).texts).toEqual([]);
});

test("a malformed line is told with its place, and the rest goes in", async () => {
  const bad = Array.from({ length: 25 }, () => "{");
  const { report } = await imported([[pair("a", true), ...bad, pair("b", true)], ["[]"]]);
  expect(report).toMatchObject({ added: 2, refused: 26, rows: 28 });
  expect(report.refusedByReason).toEqual({ not_json: 25, not_an_object: 1 });
  expect(report.problems).toHaveLength(20);
  expect(report.problems[0]).toMatchObject({ file: "rows-0", line: 2, code: "not_json" });
});

test("a row that nothing tells from others is refused", async () => {
  const { report } = await imported([[{ cheap: { confidence: 0.5, correct: true } }]]);
  expect(report.refusedByReason).toEqual({ no_identity: 1 });
});

test("contradicting labels stand beside each other, whenever they come", async () => {
  const { ledger, report } = await imported([[pair("a", true), pair("a", false), pair("b", null)]]);
  expect(report).toMatchObject({ added: 2, known: 1, labelsDisputed: 1, labelsAdded: 0 });
  expect(ledger.grades).toMatchObject([
    { by: "label", outcome: "wrong", tier: 0, grader: "import:set" },
  ]);
  const later = await imported([[pair("b", true)]], ledger);
  expect(later.report).toMatchObject({ added: 0, labelsAdded: 1, labelsDisputed: 0 });
});

test("prompts without answers are counted for replay", async () => {
  const { report } = await imported([
    [{ input: "a", ideal: "b" }, { messages: [{ role: "user", content: "a" }] }],
  ]);
  expect(report).toMatchObject({ added: 0, promptsOnly: 2, refused: 0 });
});

test("parts of batches are joined across files by their id", async () => {
  const result = (custom_id: string, model: string, text: string): object => ({
    custom_id,
    result: { type: "succeeded", message: { model, content: [{ type: "text", text }] } },
  });
  const params = { model: "small", max_tokens: 9, messages: [{ role: "user", content: "a" }] };
  const { evidence, report, texts } = await imported([
    [result("1", "large", "deep"), result("2", "other", "x"), { custom_id: "3", params }],
    [{ custom_id: "1", params }, result("1", "small", "cheap"), result("1", "small", "again")],
  ]);
  expect(evidence).toMatchObject([{ cheapModel: "small", deepModel: "large", confidence: 0.5 }]);
  expect(texts[1]).toContain("CHEAP");
  expect(report).toMatchObject({ added: 1, promptsOnly: 1 });
  expect(report.refusedByReason).toEqual({ model_unknown: 1, ambiguous_member: 1 });
});

test("an export goes in as it came out, traffic becoming a data set", async () => {
  const rows = fc.uniqueArray(anyEvidence(), { selector: ({ itemId }) => itemId, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(rows, fc.boolean(), async (expected, isCsv) => {
      const lines = isCsv
        ? [evidenceCsvHeading(), ...expected.map(evidenceCsvLine)]
        : expected.map((evidence) => evidenceLine({ evidence, bodies: null }));
      const { evidence } = await imported([lines]);
      expect(evidence).toEqual(
        expected.map((one) => ({ ...one, source: "import", dataset: one.dataset ?? "set" })),
      );
    }),
    { numRuns: 30 },
  );
});

test("an interrupted import keeps nothing", async () => {
  const ledger = createFakeImportLedger();
  const run = imported([[pair("a", true)]], ledger, { signal: AbortSignal.abort() });
  await expect(run).rejects.toMatchObject({ code: "interrupted" });
  expect(ledger.items.size).toBe(0);
});

test("a file that is missing or broken is named", async () => {
  await expect(openLineFile("gone", join(folder, "gone"))).rejects.toMatchObject({
    code: "file_missing",
  });
  const path = join(folder, "cut.gz");
  writeFileSync(path, gzipSync("x".repeat(1_000)).subarray(0, 20));
  const file = await openLineFile("cut.gz", path);
  const run = importFiles(createFakeImportLedger(), [file], OPTIONS);
  await expect(run).rejects.toMatchObject({ code: "file_broken" });
});

test("rows of another route are of its tiers; those of one that is not configured are told", async () => {
  const rows = ["support", "sales", "suport", "suport"].map((route, at) => ({
    ...{ id: `r${at}`, route, cheap: { answer: "yes", confidence: 0.9 } },
  }));
  const deepTiers = new Map([
    ["support", 1],
    ["sales", 2],
  ]);
  const { report, ledger } = await imported([rows], undefined, { deepTiers });
  expect(report).toMatchObject({ added: 4, unconfigured: 2, unconfiguredRoutes: ["suport"] });
  const tiers = [...ledger.items.values()].map(({ evidence }) => evidence.deepTier);
  expect(tiers).toEqual([1, 2, 1, 1]);
});

test("a row of the day after tomorrow is refused: it would be newer than everything that comes", async () => {
  const nowMs = Date.UTC(2026, 10, 2);
  const rows = ["2026-11-02T20:00:00Z", "2026-11-04T00:00:00Z"].map((created_at) => ({
    ...{ id: created_at, created_at, cheap: { answer: "yes", confidence: 0.9 } },
  }));
  const { report } = await imported([rows], undefined, { nowMs });
  expect(report).toMatchObject({ added: 1, refusedByReason: { invalid_member: 1 } });
});
