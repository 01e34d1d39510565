import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { exportEvidence } from "../datasets/export-evidence.ts";
import { importFiles } from "../datasets/import/import-files.ts";
import type { ImportReport } from "../datasets/import/import-report.ts";
import { evidenceCsvHeading, evidenceCsvLine } from "../datasets/rows/evidence-csv.ts";
import { anyEvidence } from "../datasets/rows/evidence-row.fixture.ts";
import { evidenceLine, type ExportedBody } from "../datasets/rows/evidence-row.ts";
import { openLineFile } from "../datasets/rows/line-file.ts";
import { attemptOf, recordOf, requestEntry } from "../ledger/contract/records.fixture.ts";
import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import type { Evidence } from "../ledger/records/evidence.ts";
import { openSqliteLedger } from "../ledger/sqlite/open-sqlite-ledger.ts";
import { systemClock } from "../support/clock.ts";

/** An item as a gateway or an import leaves it: evidence of one or two tiers, and some of its texts. */
interface StoredItem {
  readonly rows: readonly Evidence[];
  readonly texts: Readonly<
    Record<"request" | "ideal" | "cheap" | "other" | "deep", Buffer | undefined>
  >;
  /** Of traffic: the attempts that gave the answers of the tiers 0, 1 and 2. */
  readonly attempts: readonly number[] | null;
}

test.each(["jsonl", "csv"])(
  "any evidence, exported as %s, imported elsewhere and exported again, is the same",
  async (format) => {
    const options = { isCsv: format === "csv" };
    await fc.assert(
      fc.asyncProperty(anyItems(), async (items) => {
        const first = await withLedger(async (ledger) => {
          for (const item of items) await ledger.append(entriesOf(item));
          return exported(ledger, options);
        });
        await withLedger(async (ledger, folder) => {
          const path = join(folder, "rows");
          writeFileSync(path, first.map((line) => `${line}\n`).join(""));
          const count = items.reduce((sum, { rows }) => sum + rows.length, 0);
          expect(await imported(ledger, path)).toMatchObject({
            added: count,
            known: 0,
            refused: 0,
          });
          const second = await exported(ledger, options);
          expect(second.toSorted()).toEqual(asImported(items, first, options).toSorted());

          const again = await imported(ledger, path);
          expect(again).toMatchObject({ added: 0, known: count, refused: 0 });
          expect(again).toMatchObject({ labelsAdded: 0, labelsDisputed: 0 });
          expect(await exported(ledger, options)).toEqual(second);
        });
      }),
      // A smaller counterexample would take minutes: each try opens two ledgers.
      { numRuns: 10, endOnFailure: true },
    );
  },
  60_000,
);

function anyItems(): fc.Arbitrary<readonly StoredItem[]> {
  const text = fc.option(
    fc.oneof(fc.string(), fc.constant("ä\r\n")).map((one) => Buffer.from(one)),
    { nil: undefined },
  );
  const bytes = fc.option(
    fc.uint8Array().map((one) => Buffer.from(one)),
    { nil: undefined },
  );
  const texts = fc.record({ request: text, ideal: text, cheap: bytes, other: bytes, deep: text });
  const tiers = fc.constantFrom([[0], 1], [[0], 2], [[1], 2], [[0, 1], 2] as const);
  const order = fc.shuffledSubarray([0, 1, 2, 201], { minLength: 3, maxLength: 3 });
  const item = fc
    .tuple(anyEvidence(), anyEvidence(), tiers, texts, order)
    .map(([one, other, [some, deepTier], stored, attempts]): StoredItem => {
      const { itemId, source } = one;
      const rows = some.map((tier) => ({
        ...(tier === 0 ? one : other),
        ...{ itemId, source, tier, deepTier },
      }));
      return { rows, texts: stored, attempts: source === "traffic" ? attempts : null };
    });
  return fc.uniqueArray(item, { selector: ({ rows }) => rows[0]?.itemId, minLength: 1 });
}

function entriesOf({ rows, texts, attempts }: StoredItem): readonly LedgerEntry[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { itemId, deepTier } = first;
  const entries: LedgerEntry[] = rows.map((evidence) => ({ kind: "evidence", evidence }));
  const put = (part: string, bytes: Buffer | undefined): void => {
    if (bytes === undefined) return;
    entries.push({ kind: "body", body: { requestId: itemId, part, bytes } });
  };
  const answers = [texts.cheap, deepTier === 1 ? texts.deep : texts.other, texts.deep];
  for (const [tier, answer] of answers.slice(0, deepTier + 1).entries()) {
    put(`answer:${String(attempts?.[tier] ?? tier)}`, answer);
  }
  put("request", texts.request);
  put("ideal", texts.ideal);
  if (attempts === null) return entries;
  const tried = attempts.slice(0, deepTier + 1).map((index, tier) => {
    const isDeep = tier === deepTier;
    const isLate = index > 2;
    if (isDeep) return attemptOf(index, { tier, role: isLate ? "shadow_answer" : "answer" });
    return attemptOf(index, { tier, role: isLate ? "shadow_triage" : "triage" });
  });
  return [requestEntry(recordOf(itemId, { attempts: tried })), ...entries];
}

/** What the lines become by design: the rows of a data set; texts of a side are named by its tier. */
function asImported(
  items: readonly StoredItem[],
  lines: readonly string[],
  { isCsv }: { readonly isCsv: boolean },
): readonly string[] {
  const rows = items.flatMap((item) =>
    item.rows.map((row) => ({ row, texts: textsOf(item, row) })),
  );
  const made = rows.map(({ row, texts }) => {
    const evidence: Evidence = { ...row, source: "import", dataset: row.dataset ?? "set" };
    return isCsv ? evidenceCsvLine(evidence) : evidenceLine({ evidence, bodies: texts });
  });
  expect(lines).toHaveLength(made.length + Number(isCsv));
  return isCsv ? [evidenceCsvHeading(), ...made] : made;
}

function textsOf({ texts }: StoredItem, { tier, deepTier }: Evidence) {
  const named = {
    request: texts.request,
    [`answer:${String(tier)}`]: tier === 0 ? texts.cheap : texts.other,
    [`answer:${String(deepTier)}`]: texts.deep,
    ideal: texts.ideal,
  };
  const written = Object.entries(named).map(([part, bytes]) => {
    if (bytes === undefined) return [part, undefined] as const;
    const text = bytes.toString();
    const isText = Buffer.from(text).equals(bytes);
    return [part, isText ? text : { base64: bytes.toString("base64") }] as const;
  });
  // What is undefined is left out of the line.
  return Object.fromEntries(written) as Record<string, ExportedBody>;
}

async function exported(
  ledger: Ledger,
  { isCsv }: { readonly isCsv: boolean },
): Promise<readonly string[]> {
  const lines: string[] = isCsv ? [evidenceCsvHeading()] : [];
  for await (const page of exportEvidence(ledger, { filter: {}, withBodies: !isCsv })) {
    lines.push(
      ...page.map((item) => (isCsv ? evidenceCsvLine(item.evidence) : evidenceLine(item))),
    );
  }
  return lines;
}

async function imported(ledger: Ledger, path: string): Promise<ImportReport> {
  return importFiles(ledger, [await openLineFile("rows", path)], {
    ...{ route: "support", task: null, dataset: "set", isDatasetGiven: false, deepTier: 1 },
    ...{ nowMs: systemClock.nowMs(), withBodies: true, deepTiers: new Map() },
    models: { sideOf: () => null, readVerdict: () => ({ confidence: null, answer: null }) },
    signal: new AbortController().signal,
    onBytes: () => undefined,
  });
}

async function withLedger<Value>(
  run: (ledger: Ledger, folder: string) => Promise<Value>,
): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), "leadsman-round-trip-"));
  try {
    const ledger = await openSqliteLedger({ path: join(folder, "l.db"), clock: systemClock });
    try {
      return await run(ledger, folder);
    } finally {
      await ledger.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
