import { join } from "node:path";
import type { StatementSync } from "node:sqlite";
import { openLedger } from "../../src/compose/open-ledger.ts";
import { evidenceEntry, evidenceOf } from "../../src/ledger/contract/evidence.fixture.ts";
import {
  HOUR_MS,
  attemptOf,
  pairOf,
  recordOf,
  requestEntry,
} from "../../src/ledger/contract/records.fixture.ts";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import type { Job } from "../../src/ledger/records/job.ts";
import type { SqlRow } from "../../src/ledger/records/sql-value.ts";
import { placeholders } from "../../src/ledger/records/sql-value.ts";
import {
  DAILY_KEY_COLUMNS,
  TOTALS_KEY_COLUMNS,
  TOTALS_SUM_COLUMNS,
  dayOf,
} from "../../src/ledger/records/totals.ts";
import { openWritable } from "../../src/ledger/sqlite/open-database.ts";
import { buildStatusReport } from "../../src/reports/status-report.ts";
import { systemClock } from "../../src/support/clock.ts";
import { median } from "../sample.ts";
import type { ScaleFigure } from "./scale-figure.ts";

const RECORDS = 10_000_000;
const HOURS = 365 * 24;
const NEWEST = 6_000;
const ROUNDS = 9;
const MAX_MS = 50;
/** Different confidences that were stated on a day: each is a row of the evidence's roll-up. */
const CONFIDENCES_A_DAY = 100;

const SUPPORT = {
  ...{ name: "support", mode: "live", thresholds: [0.8, null], isCertified: false },
  backgroundUsdPerDay: 10,
};

/** What requests of an hour end up as: route, task, mode, decision, reason. */
const ENDS: readonly SqlRow[] = ["refund", "parcel", null].flatMap((task) => [
  ["support", task, "live", "shipped", null],
  ["support", task, "live", "escalated", "below_threshold"],
  ["support", task, "live", "escalated", "confidence_missing"],
]);

/**
 * The status report over a year of ten million records. Of these only what it reads is there: the
 * hourly roll-ups that they would have made, and the newest of them with their pairs.
 */
export async function measureStatus(
  folder: string,
  wants: (name: string) => boolean,
): Promise<readonly ScaleFigure[]> {
  const spans = { "status of a day": 24, "status of a year": HOURS };
  if (!Object.keys(spans).some(wants)) return [];
  const path = join(folder, "status.db");
  const nowMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS + HOUR_MS / 2;
  const ledger = await openLedger({ url: `sqlite:${path}`, spillBytes: 1e8 }, systemClock);
  const figures: ScaleFigure[] = [];
  try {
    await ledger.append(newestEntries(nowMs));
    await ledger.append(evidenceOfYear(nowMs));
    fillTotals(path, nowMs);
    for (const [name, hours] of Object.entries(spans)) {
      if (!wants(name)) continue;
      const tookMs: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const startedMs = performance.now();
        const span = { fromMs: nowMs - hours * HOUR_MS, toMs: nowMs };
        await buildStatusReport(ledger, { ...span, inForce: [SUPPORT] });
        tookMs.push(performance.now() - startedMs);
      }
      figures.push({
        ...{ name, value: median(tookMs), unit: "ms" },
        limit: { direction: "at most", value: MAX_MS },
        detail:
          `roll-ups of ${String(RECORDS)} records in a year, ${String(NEWEST)} records, pairs and ` +
          `waiting jobs, evidence of ${String(CONFIDENCES_A_DAY)} kinds a day; ` +
          `median of ${String(ROUNDS)}, the first took ${(tookMs[0] ?? 0).toFixed(0)} ms`,
      });
    }
  } finally {
    await ledger.close();
  }
  return figures;
}

function newestEntries(nowMs: number): readonly LedgerEntry[] {
  return Array.from({ length: NEWEST }, (_, index): readonly LedgerEntry[] => {
    const id = `req_${String(index)}`;
    const createdAtMs = nowMs - index * 1_000;
    const attempts = [attemptOf(0), attemptOf(1, { role: "shadow_answer", tier: 1 })];
    return [
      requestEntry(recordOf(id, { startedAtMs: createdAtMs, attempts })),
      { kind: "pair", pair: pairOf(id, { createdAtMs }) },
      { kind: "job", job: waitingJob(id, createdAtMs) },
    ];
  }).flat();
}

function waitingJob(itemId: string, createdAtMs: number): Job {
  return {
    ...{ id: `judge:${itemId}`, kind: "judge", route: "support", itemId, payload: "{}" },
    ...{ createdAtMs, dueAtMs: createdAtMs, tries: 0, state: "waiting", lastError: null },
  };
}

/** One item of every kind of every day of the year. */
function evidenceOfYear(nowMs: number): readonly LedgerEntry[] {
  return Array.from({ length: HOURS / 24 }, (_, day) =>
    Array.from({ length: CONFIDENCES_A_DAY }, (_unused, kind): LedgerEntry => {
      const createdAtMs = nowMs - day * 24 * HOUR_MS;
      const confidence = kind / CONFIDENCES_A_DAY;
      return evidenceEntry(evidenceOf(`itm_${day}_${kind}`, { createdAtMs, confidence }));
    }),
  ).flat();
}

function fillTotals(path: string, nowMs: number): void {
  const database = openWritable(path);
  const insertInto = (
    table: "hourly_totals" | "daily_totals",
    keyColumns: readonly string[],
  ): StatementSync => {
    const columns = [...keyColumns, ...TOTALS_SUM_COLUMNS];
    return database.prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${placeholders(columns)})`,
    );
  };
  const insertHour = insertInto("hourly_totals", TOTALS_KEY_COLUMNS);
  const insertDay = insertInto("daily_totals", DAILY_KEY_COLUMNS);
  const requests = Math.ceil(RECORDS / HOURS / ENDS.length);
  const sums = TOTALS_SUM_COLUMNS.map((column) => {
    if (column.endsWith("_nano_usd")) return requests * 1_572_000;
    return column.endsWith("requests") ? requests : 0;
  });
  const lastHourMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  database.exec("BEGIN");
  const hours = Array.from({ length: HOURS }, (_, index) => lastHourMs - (HOURS - index) * HOUR_MS);
  for (const hourMs of hours) {
    for (const end of ENDS) insertHour.run(hourMs, ...end, ...sums);
  }
  for (const [dayMs, ofDay] of Map.groupBy(hours, dayOf)) {
    for (const end of ENDS) insertDay.run(dayMs, ...end, ...sums.map((sum) => sum * ofDay.length));
  }
  database.exec("COMMIT");
  database.close();
}
