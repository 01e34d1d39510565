import type { Clock } from "../../support/clock.ts";
import { createIdSource } from "../../support/ids.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { systemRandomBytes } from "../../support/system-random.ts";
import type { LedgerPurges } from "../ledger-purges.ts";
import type { Ledger } from "../ledger.ts";
import {
  modeChangeToRow,
  routeVersionToRow,
  thresholdVersionToRow,
  tuningLookToRow,
} from "../records/setting-rows.ts";
import { backupDatabase } from "./backup-database.ts";
import { encodeEntries, encodeOperations } from "./encode-entries.ts";
import { finishImports, importStagePath } from "./import-finish.ts";
import { importItems } from "./import-items.ts";
import { createLeaseJobs } from "./lease-jobs.ts";
import { migrate } from "./migrate.ts";
import { ensureLedgerFile, openFailed, openReadOnly, openWritable } from "./open-database.ts";
import { createQueries } from "./queries.ts";
import type { Queries } from "./queries.ts";
import { createPurges } from "./purge-ledger.ts";
import { readOpenBatches } from "./read-batches.ts";
import { readBody } from "./read-body.ts";
import {
  readAnswerCounts,
  readEvidence,
  readEvidenceCounts,
  readEvidenceOf,
  readTriageCounts,
} from "./read-evidence.ts";
import { readGrades, readGradesBy } from "./read-grades.ts";
import { readJob, readJobCounts } from "./read-jobs.ts";
import { readPair, readPairs, readRequest, readRequests } from "./read-requests.ts";
import {
  readModeChanges,
  readRouteVersion,
  readSettingsCounter,
  readTuningLooks,
  readThresholdVersions,
} from "./read-settings.ts";
import { readBackgroundSpend, readTotals, readTrafficSums } from "./read-totals.ts";
import { readAlert, readAlerts, readGradedSince, readWatchStates } from "./read-watch.ts";
import { createWriteQueue } from "./write-queue.ts";
import type { WriteQueue } from "./write-queue.ts";
import type { WriteOperation, WriterFaults } from "./writer-protocol.ts";
import { startWriterThread } from "./writer-thread.ts";

export interface SqliteLedgerOptions {
  /** Of the database file; it and its folder are made when missing. */
  readonly path: string;
  readonly clock: Clock;
  /** Most bytes of entries that wait in memory while the file cannot be written. Default 64 MiB. */
  readonly spillBytes?: number;
  /** How long `close` goes on trying to commit what waits, in milliseconds. Default 5000. */
  readonly closeTimeoutMs?: number;
  /** Trouble to order, for tests. */
  readonly faults?: WriterFaults;
}

const DEFAULT_SPILL_BYTES = 64 * 1024 * 1024;
const DEFAULT_CLOSE_TIMEOUT_MS = 5_000;

/**
 * A ledger in one SQLite file. Writes happen on a thread of their own; reads happen on the calling
 * thread, since each is a lookup, a page or a sum over hours.
 *
 * What a resolved `append` survives: the end of the process in any way, SIGTERM and kill -9
 * included. What it may not survive: a power cut or a crash of the operating system, which can lose
 * the last seconds, but leaves a sound file with whole appends.
 *
 * Several processes may have the same file open, on one machine.
 *
 * @throws LeadsmanError `sqlite_too_old`, `ledger_newer`, `ledger_foreign`, `ledger_open_failed`
 */
export async function openSqliteLedger(options: SqliteLedgerOptions): Promise<Ledger> {
  const { path, clock, faults = {} } = options;
  ensureLedgerFile(path);
  migrateFile(path);
  await finishImports(path);
  const thread = await startWriterThread({ path, faults });
  // Only now: a connection that cannot write cannot make the index of the log either.
  const database = openReadOnly(path);
  const queue = createWriteQueue({
    thread,
    spillBytes: options.spillBytes ?? DEFAULT_SPILL_BYTES,
    closeTimeoutMs: options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS,
  });
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await queue.close();
    database.close();
    await thread.stop();
  };
  const queries = createQueries(database);
  const nextImportId = createIdSource("", clock, systemRandomBytes);
  const write = (operation: WriteOperation): Promise<number> =>
    queue.push(encodeOperations([operation]));
  return {
    ...createWrites(write, queue, clock),
    ...createPurges(write, queries),
    ...createReads(queries),
    leaseJobs: createLeaseJobs(
      queue,
      queries,
      clock,
      createIdSource("lease_", clock, systemRandomBytes),
    ),
    importItems: (items) =>
      importItems(path, importStagePath(path, nextImportId()), clock.nowMs(), items),
    backup: (to) => backupDatabase(path, to),
    health: () => queue.health(),
    close: () => (closing ??= close()),
  };
}

type Writes = Pick<
  Ledger,
  | "append"
  | "saveRouteVersion"
  | "addThresholdVersion"
  | "addModeChange"
  | "addTuningLook"
  | "expirePendingPairs"
>;

function createWrites(
  write: (operation: WriteOperation) => Promise<number>,
  queue: WriteQueue,
  clock: Clock,
): Writes {
  return {
    append: async (entries) => {
      if (entries.length > 0) await queue.push(encodeEntries(entries, clock.nowMs()));
    },
    saveRouteVersion: async (version) => {
      await write(["route_version", routeVersionToRow(version)]);
    },
    addThresholdVersion: async (version) => {
      await write(["threshold_version", thresholdVersionToRow(version)]);
    },
    addModeChange: async (change) => {
      await write(["mode_change", modeChangeToRow(change)]);
    },
    addTuningLook: async (look) => {
      await write(["tuning_look", tuningLookToRow(look)]);
    },
    expirePendingPairs: (startedBeforeMs) => write(["expire_pairs", startedBeforeMs]),
  };
}

type Reads = Omit<
  Ledger,
  keyof Writes | keyof LedgerPurges | "leaseJobs" | "importItems" | "backup" | "health" | "close"
>;

/** Each is `async` so that what it throws becomes a rejection. */
function createReads(queries: Queries): Reads {
  return {
    request: async (id) => readRequest(queries, id),
    pair: async (requestId) => readPair(queries, requestId),
    body: async (requestId, part) => readBody(queries, requestId, part),
    requests: async (filter, limit, after) => readRequests(queries, filter, limit, after),
    pairs: async (filter, limit, after) => readPairs(queries, filter, limit, after),
    totals: async (filter) => readTotals(queries, filter),
    trafficSums: async (filter) => readTrafficSums(queries, filter),
    backgroundSpend: async (route, sinceMs, whose) =>
      readBackgroundSpend(queries, route, sinceMs, whose),
    routeVersion: async (id) => readRouteVersion(queries, id),
    thresholdVersions: async (route) => readThresholdVersions(queries, route),
    modeChanges: async (route) => readModeChanges(queries, route),
    tuningLooks: async (route) => readTuningLooks(queries, route),
    settingsCounter: async () => readSettingsCounter(queries),
    evidenceOf: async (itemId, of) => readEvidenceOf(queries, itemId, of),
    evidence: async (filter, limit, after) => readEvidence(queries, filter, limit, after),
    evidenceCounts: async (filter) => readEvidenceCounts(queries, filter),
    answerCounts: async (filter) => readAnswerCounts(queries, filter),
    triageCounts: async (filter) => readTriageCounts(queries, filter),
    grades: async (itemId) => readGrades(queries, itemId),
    gradesBy: async (by, limit, after) => readGradesBy(queries, by, limit, after),
    job: async (id) => readJob(queries, id),
    jobCounts: async (filter) => readJobCounts(queries, filter),
    watchStates: async (route) => readWatchStates(queries, route),
    gradedSince: async (route, after, limit) => readGradedSince(queries, route, after, limit),
    alerts: async (filter, limit) => readAlerts(queries, filter, limit),
    alert: async (id) => readAlert(queries, id),
    openBatches: async (route, dataset) => readOpenBatches(queries, route, dataset),
  };
}

function migrateFile(path: string): void {
  const database = openWritable(path);
  try {
    migrate(database);
  } catch (error) {
    throw error instanceof LeadsmanError ? error : openFailed(path, error);
  } finally {
    database.close();
  }
}
