/**
 * How long `leadsman tune` takes, as a user starts it, and how much memory, over a million graded rows
 * of a realistic variety: ten confidences, five tasks, three classes of input, thirty days, three
 * probabilities of being drawn. Prints each figure with its limit; exits 1 when one is missed.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openLedger } from "../../src/compose/open-ledger.ts";
import type { ImportedItem } from "../../src/ledger/ledger.ts";
import { systemClock } from "../../src/support/clock.ts";
import { createRandom, type Random } from "../../src/support/random.ts";

const ROWS = 1_000_000;
const PAGE_ROWS = 5_000;
const MAX_SECONDS = 2;
const MAX_MEBIBYTES = 500;
const DAY_MS = 86_400_000;
const BIN = fileURLToPath(new URL("../../bin/leadsman.js", import.meta.url));

const STATED = [0.99, 0.98, 0.95, 0.93, 0.9, 0.85, 0.8, 0.75, 0.7, 0.5];
const TASKS = ["refund", "parcel", "account", "invoice", null];
const CLASSES = ["length:short", "length:medium", "length:long"];
const CHANCES = [1, 0.5, 0.25];

const folder = mkdtempSync(join(tmpdir(), "leadsman-tune-"));
let missed = 0;
try {
  console.log(
    `Node ${process.version}, ${String(cpus().length)} × ${cpus()[0]?.model ?? "?"}, ` +
      `load ${loadavg()[0]?.toFixed(2) ?? "?"}, ${new Date().toISOString()}\n`,
  );
  const url = `sqlite:${join(folder, "ledger.db")}`;
  const keys = await fillLedger(url);
  const route = { name: "support", tiers: ["claude-haiku-4-5", "claude-opus-4-7"] };
  const file = { version: 1, ledger: { url }, routes: [route] };
  writeFileSync(join(folder, "leadsman.yaml"), JSON.stringify(file));
  console.log(`${String(ROWS)} graded rows in ${String(keys)} kinds`);
  for (const argv of [["tune"], ["tune", "--target", "selective"], ["check"]]) {
    const { seconds, mebibytes } = await measure(argv);
    const name = `leadsman ${argv.join(" ")}`;
    tell(name, `${seconds.toFixed(2)} s`, seconds <= MAX_SECONDS, `${String(MAX_SECONDS)} s`);
    tell(
      `${name}, memory`,
      `${mebibytes.toFixed(0)} MiB`,
      mebibytes <= MAX_MEBIBYTES,
      `${String(MAX_MEBIBYTES)} MiB`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = missed > 0 ? 1 : 0;

/** @returns kinds of rows that the roll-up keeps */
async function fillLedger(url: string): Promise<number> {
  const ledger = await openLedger({ url, spillBytes: 1e8 }, systemClock);
  await ledger.importItems(drawItems(createRandom("tune a million")));
  const counts = await ledger.evidenceCounts({});
  await ledger.close();
  return counts.length;
}

async function* drawItems(random: Random): AsyncGenerator<readonly ImportedItem[]> {
  const start = Math.floor(Date.now() / DAY_MS) * DAY_MS - 40 * DAY_MS;
  for (let from = 0; from < ROWS; from += PAGE_ROWS) {
    yield Array.from({ length: PAGE_ROWS }, (_, index) => drawItem(random, from + index, start));
  }
}

function drawItem(random: Random, index: number, startMs: number): ImportedItem {
  const pick = <Value>(values: readonly Value[], otherwise: Value): Value =>
    values[Math.floor(random() * values.length)] ?? otherwise;
  const confidence = pick(STATED, 0.5);
  const none = { label: null, human: null, judge: null };
  const label = random() < (1 - confidence) / 2 ? "wrong" : "right";
  return {
    bodies: [],
    evidence: {
      ...{ itemId: `item_${String(index)}`, tier: 0, deepTier: 1, source: "traffic" },
      ...{ dataset: null, route: "support", task: pick(TASKS, null), cluster: null },
      createdAtMs: startMs + Math.floor((index / ROWS) * 30) * DAY_MS,
      inputClasses: [pick(CLASSES, "length:short")],
      ...{ decision: "shadowed", propensity: pick(CHANCES, 1) },
      ...{ cheapModel: "claude-haiku-4-5", deepModel: "claude-opus-4-7", promptHash: "p1" },
      ...{ confidence, cheapMissing: null, deepMissing: null },
      ...{ cheapCostNanoUsd: 400_000n, deepCostNanoUsd: 9_000_000n },
      ...{ cheapLatencyMs: 400, deepLatencyMs: 1_900 },
      cheap: { ...none, label },
      ...{ deep: none, differs: null },
    },
  };
}

/** Wall-clock time from the start of the process to its end, and the most memory it held. */
async function measure(
  argv: readonly string[],
): Promise<{ readonly seconds: number; readonly mebibytes: number }> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [BIN, ...argv], { cwd: folder, stdio: "ignore" });
  let kibibytes = 0;
  const timer = setInterval(() => {
    kibibytes = Math.max(kibibytes, peakKibibytes(child.pid));
  }, 10);
  await new Promise((resolve) => child.on("close", resolve));
  clearInterval(timer);
  return { seconds: (performance.now() - startedMs) / 1_000, mebibytes: kibibytes / 1_024 };
}

function peakKibibytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function tell(what: string, measured: string, isOk: boolean, limit: string): void {
  if (!isOk) missed += 1;
  console.log(
    `${what.padEnd(44)} ${measured.padStart(10)}   limit at most ${limit}   ${isOk ? "ok" : "MISSED"}`,
  );
}
