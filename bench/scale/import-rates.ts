import { statSync } from "node:fs";
import { join } from "node:path";
import { importEvidence } from "../../src/compose/import-evidence.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { systemClock } from "../../src/support/clock.ts";
import { insertFloor } from "./insert-floor.ts";
import type { ScaleFigure } from "./scale-figure.ts";
import { writePairs } from "./write-pairs.ts";

const ROWS = 200_000;
/** Of longer texts fewer rows, which are as many bytes. */
const LONG_ROWS = 50_000;
/** Makes texts of about 600 bytes, which are deflated; the others are too short for that. */
const MORE_WORDS = 100;
const MIN_ROWS_PER_SECOND = 100_000;
const MIN_ROWS_PER_SECOND_WITH_BODIES = 25_000;

/** From a file on disk to the committed and closed ledger, beside the bare floor. */
export async function importRates(
  folder: string,
  wants: (name: string) => boolean,
): Promise<readonly ScaleFigure[]> {
  const figures: ScaleFigure[] = [];
  const names = { bare: "import without bodies", full: "import with bodies" };
  const long = "import with bodies to deflate";
  if (wants(names.bare) || wants(names.full)) {
    const pairs = await pairsFile(folder, "pairs", ROWS);
    if (wants(names.bare)) {
      figures.push({
        ...{ name: names.bare, value: await rowsPerSecond(folder, pairs, "bare", false) },
        ...{ unit: "rows/s", detail: pairs.detail },
        limit: { direction: "at least", value: MIN_ROWS_PER_SECOND },
      });
    }
    if (wants(names.full)) {
      const value = await rowsPerSecond(folder, pairs, "full", true);
      figures.push(withBodies(names.full, value, pairs));
    }
  }
  if (wants(long)) {
    const pairs = await pairsFile(folder, "long-pairs", LONG_ROWS, MORE_WORDS);
    figures.push(withBodies(long, await rowsPerSecond(folder, pairs, "long", true), pairs));
  }
  const [first] = figures;
  if (wants(names.bare) && first !== undefined) {
    // Last, because its rows fill the heap of this process.
    const floor = insertFloor(ledgerPath(folder, "bare"), ledgerPath(folder, "floor"));
    figures.push({
      ...{ name: "bare inserts of these rows", value: floor, unit: "rows/s", limit: null },
      detail:
        "prepared statement, the same indexes, one transaction, nothing read or counted; " +
        `the import took ${(floor / first.value).toFixed(2)} times as long`,
    });
  }
  return figures;
}

interface PairsFile {
  readonly path: string;
  readonly rows: number;
  readonly detail: string;
}

async function pairsFile(
  folder: string,
  name: string,
  rows: number,
  moreWords = 0,
): Promise<PairsFile> {
  const path = join(folder, `${name}.jsonl`);
  await writePairs(path, rows, moreWords);
  const lineBytes = Math.round(statSync(path).size / rows);
  return { path, rows, detail: `${String(rows)} rows of ${String(lineBytes)} bytes` };
}

function withBodies(name: string, value: number, { detail }: PairsFile): ScaleFigure {
  return {
    ...{ name, value, unit: "rows/s", detail: `${detail}, three texts each` },
    limit: { direction: "at least", value: MIN_ROWS_PER_SECOND_WITH_BODIES },
  };
}

async function rowsPerSecond(
  folder: string,
  { path, rows }: PairsFile,
  name: string,
  withBodies: boolean,
): Promise<number> {
  const url = `sqlite:${ledgerPath(folder, name)}`;
  const file = JSON.stringify({ version: 1, ledger: { url } });
  const loaded = loadConfig({ path: "leadsman.yaml", env: {}, readFile: () => file });
  if (!loaded.ok) throw new Error(`Wanted a configuration, found ${JSON.stringify(loaded)}`);
  const order = {
    files: [{ name: "pairs", path }],
    ...{ route: null, task: null, dataset: name, withBodies },
  };
  const ports = { signal: new AbortController().signal, tellBytes: () => undefined };
  const startedMs = performance.now();
  const report = await importEvidence(loaded.value.config, order, systemClock, ports);
  const seconds = (performance.now() - startedMs) / 1_000;
  if (report.added !== rows) throw new Error(`Wanted ${rows} items, found ${report.added}`);
  return rows / seconds;
}

function ledgerPath(folder: string, name: string): string {
  return join(folder, `${name}.db`);
}
