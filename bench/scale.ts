/**
 * How much data a ledger takes in and still answers from: rows imported a second, end to end from a
 * file on disk to the committed ledger, and how long the roll-up takes after a million items.
 * Prints each figure with its limit; exits 1 when one is missed.
 */
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { importEvidence } from "../src/compose/import-evidence.ts";
import { openLedger } from "../src/compose/open-ledger.ts";
import { loadConfig } from "../src/config/load-config.ts";
import { systemClock } from "../src/support/clock.ts";
import { createRandom } from "../src/support/random.ts";

const PAIR_ROWS = 200_000;
const COUNTED_ROWS = 1_000_000;
const MIN_ROWS_PER_SECOND = 100_000;
const MIN_ROWS_PER_SECOND_WITH_BODIES = 25_000;
const MAX_COUNT_SECONDS = 0.5;
const MEMORY_FOR_WRITES_BYTES = 1e8;

const folder = mkdtempSync(join(tmpdir(), "leadsman-scale-"));
let missed = 0;
try {
  console.log(
    `Node ${process.version}, ${String(cpus().length)} × ${cpus()[0]?.model ?? "?"}, ` +
      `load ${loadavg()[0]?.toFixed(2) ?? "?"}, ${new Date().toISOString()}\n`,
  );
  const pairs = await writePairs(PAIR_ROWS, "pairs");
  const bare = await rowsPerSecond(pairs, "bare", PAIR_ROWS, false);
  tell("import without bodies", bare, "rows/s", MIN_ROWS_PER_SECOND, "at least");
  const full = await rowsPerSecond(pairs, "full", PAIR_ROWS, true);
  tell("import with bodies", full, "rows/s", MIN_ROWS_PER_SECOND_WITH_BODIES, "at least");
  const many = await writePairs(COUNTED_ROWS, "many");
  const large = await rowsPerSecond(many, "large", COUNTED_ROWS, false);
  tell("import of a million rows", large, "rows/s", MIN_ROWS_PER_SECOND, "at least");
  tell(
    "evidenceCounts of a million",
    await countSeconds("large"),
    "s",
    MAX_COUNT_SECONDS,
    "at most",
  );
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = missed > 0 ? 1 : 0;

/** Pairs of two models with costs, latencies and labels; about 400 bytes each. */
async function writePairs(rows: number, seed: string): Promise<string> {
  const path = join(folder, `pairs-${String(rows)}.jsonl`);
  const out = createWriteStream(path);
  const random = createRandom(seed);
  for (let index = 0; index < rows; index += 1) {
    const confidence = Math.round(random() * 100) / 100;
    const row = {
      id: `row-${String(index)}`,
      input: `Question ${String(index)}: may a parcel that came broken be sent back after a week?`,
      cheap: {
        model: "claude-haiku-4-5",
        answer: "Yes, within thirty days and free of charge.",
        confidence,
        correct: random() < confidence,
        cost_usd: 0.0004,
        latency_ms: 412,
      },
      deep: {
        model: "claude-sonnet-4-6",
        answer: "Yes: within thirty days, and a broken parcel goes back free of charge.",
        correct: random() < 0.95,
        cost_usd: 0.0031,
        latency_ms: 1_840,
      },
    };
    if (!out.write(`${JSON.stringify(row)}\n`)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
  return path;
}

async function rowsPerSecond(
  path: string,
  name: string,
  rows: number,
  withBodies: boolean,
): Promise<number> {
  const file = JSON.stringify({ version: 1, ledger: { url: ledgerUrl(name) } });
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

async function countSeconds(name: string): Promise<number> {
  const config = { url: ledgerUrl(name), spillBytes: MEMORY_FOR_WRITES_BYTES };
  const ledger = await openLedger(config, systemClock);
  const startedMs = performance.now();
  const counts = await ledger.evidenceCounts({});
  const seconds = (performance.now() - startedMs) / 1_000;
  await ledger.close();
  const items = counts.reduce((sum, count) => sum + count.items, 0);
  if (items !== COUNTED_ROWS) throw new Error(`Wanted ${COUNTED_ROWS} items, found ${items}`);
  return seconds;
}

function ledgerUrl(name: string): string {
  return `sqlite:${join(folder, `${name}.db`)}`;
}

function tell(
  what: string,
  value: number,
  unit: string,
  limit: number,
  direction: "at least" | "at most",
): void {
  const isOk = direction === "at least" ? value >= limit : value <= limit;
  if (!isOk) missed += 1;
  const digits = unit === "s" ? 3 : 0;
  const measured = `${value.toFixed(digits)} ${unit}`.padStart(18);
  console.log(
    `${what.padEnd(30)} ${measured}   limit ${direction} ${String(limit)}   ${isOk ? "ok" : "MISSED"}`,
  );
}
