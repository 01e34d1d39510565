import { hash } from "node:crypto";
import { join } from "node:path";
import { openLedger } from "../../src/compose/open-ledger.ts";
import { evidenceOf } from "../../src/ledger/contract/evidence.fixture.ts";
import { recordOf, requestEntry } from "../../src/ledger/contract/records.fixture.ts";
import type { ImportedItem, Ledger } from "../../src/ledger/ledger.ts";
import { systemClock } from "../../src/support/clock.ts";
import { createRandom } from "../../src/support/random.ts";
import { sleep } from "../../src/support/sleep.ts";
import type { ScaleFigure } from "./scale-figure.ts";

const ROWS = 1_000_000;
const PAGE_ROWS = 1_000;
const PAUSE_MS = 5;
/** After so long a writer says that it is locked out. */
const MAX_MS = 500;

/** How long records of a gateway wait while a large import moves into the same ledger. */
export async function importBesideWriter(
  folder: string,
  wants: (name: string) => boolean,
): Promise<readonly ScaleFigure[]> {
  const name = "longest commit beside an import";
  if (!wants(name)) return [];
  const config = { url: `sqlite:${join(folder, "beside.db")}`, spillBytes: 1e8 };
  const [importing, writing] = [
    await openLedger(config, systemClock),
    await openLedger(config, systemClock),
  ];
  try {
    const move = { startedMs: Number.POSITIVE_INFINITY, isOver: false };
    const commits = commitOn(writing, move);
    await importing.importItems(drawItems(move));
    move.isOver = true;
    const seconds = (performance.now() - move.startedMs) / 1_000;
    const tookMs = (await commits).toSorted((one, other) => one - other);
    const at = (share: number): string =>
      (tookMs[Math.floor((tookMs.length - 1) * share)] ?? 0).toFixed(0);
    return [
      {
        ...{ name, value: tookMs.at(-1) ?? 0, unit: "ms" },
        limit: { direction: "at most", value: MAX_MS },
        detail:
          `${String(ROWS)} rows without texts, moved in ${seconds.toFixed(1)} s; of ` +
          `${String(tookMs.length)} commits meanwhile, half took at most ${at(0.5)} ms, ` +
          `nine in ten ${at(0.9)} ms`,
      },
    ];
  } finally {
    await importing.close();
    await writing.close();
  }
}

interface Move {
  startedMs: number;
  isOver: boolean;
}

/** Commits one record after the other. @returns how long those took that lay in the move */
async function commitOn(ledger: Ledger, move: Move): Promise<readonly number[]> {
  const tookMs: number[] = [];
  for (let count = 0; !move.isOver; count += 1) {
    const startedMs = performance.now();
    await ledger.append([requestEntry(recordOf(`req_${String(count)}`))]);
    const endedMs = performance.now();
    if (endedMs > move.startedMs) tookMs.push(endedMs - startedMs);
    await sleep(PAUSE_MS);
  }
  return tookMs;
}

async function* drawItems(move: Move): AsyncGenerator<readonly ImportedItem[]> {
  const random = createRandom("beside a writer");
  for (let from = 0; from < ROWS; from += PAGE_ROWS) {
    yield Array.from({ length: PAGE_ROWS }, (_, index): ImportedItem => {
      const itemId = `itm_${hash("sha256", String(from + index)).slice(0, 32)}`;
      const confidence = Math.round(random() * 100) / 100;
      const changes = { source: "import", dataset: "set", confidence } as const;
      return { evidence: evidenceOf(itemId, changes), bodies: [] };
    });
  }
  move.startedMs = performance.now();
}
