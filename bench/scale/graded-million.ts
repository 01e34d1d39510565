import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openLedger } from "../../src/compose/open-ledger.ts";
import type { ImportedItem } from "../../src/ledger/ledger.ts";
import { systemClock } from "../../src/support/clock.ts";
import { createRandom, type Random } from "../../src/support/random.ts";
import { measureCommand } from "./measure-command.ts";
import type { ScaleFigure } from "./scale-figure.ts";

const ROWS = 1_000_000;
const PAGE_ROWS = 5_000;
const MAX_SECONDS = 2;
const MAX_MEBIBYTES = 500;
const DAY_MS = 86_400_000;
const STATED = [0.99, 0.98, 0.95, 0.93, 0.9, 0.85, 0.8, 0.75, 0.7, 0.5];
const TASKS = ["refund", "parcel", "account", "invoice", null];
const CLASSES = ["length:short", "length:medium", "length:long"];
const CHANCES = [1, 0.5, 0.25];

const COMMANDS = [["tune"], ["tune", "--target", "selective"], ["check"], ["report"]] as const;

/**
 * How long commands take over a million graded rows, as a user starts them, and how much memory, with
 * a realistic variety: ten confidences, five tasks, three classes of input, thirty days, three
 * probabilities of being drawn.
 */
export async function gradedMillion(
  folder: string,
  wants: (name: string) => boolean,
): Promise<readonly ScaleFigure[]> {
  const wanted = COMMANDS.filter((argv) => wants(`leadsman ${argv.join(" ")}`));
  if (wanted.length === 0) return [];
  const url = `sqlite:${join(folder, "graded.db")}`;
  const kinds = await fillLedger(url);
  const route = { name: "support", tiers: ["claude-haiku-4-5", "claude-opus-4-7"] };
  const file = { version: 1, ledger: { url }, routes: [route] };
  writeFileSync(join(folder, "leadsman.yaml"), JSON.stringify(file));
  const figures: ScaleFigure[] = [];
  for (const argv of wanted) {
    const { seconds, mebibytes } = await measureCommand(folder, argv);
    const name = `leadsman ${argv.join(" ")}`;
    const detail = `${String(ROWS)} graded rows of ${String(kinds)} kinds, a process of its own`;
    figures.push(
      { ...{ name, value: seconds, unit: "s", detail }, limit: atMost(MAX_SECONDS) },
      {
        ...{ name: `${name}, memory`, value: mebibytes, unit: "MiB" },
        ...{ limit: atMost(MAX_MEBIBYTES), detail: "most that was resident" },
      },
    );
  }
  return figures;
}

function atMost(value: number): NonNullable<ScaleFigure["limit"]> {
  return { direction: "at most", value };
}

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
