import { basename } from "node:path";
import type { LeadsmanConfig } from "../config/config.ts";
import { ROUTE_NAME, unknownName } from "../config/unknown-name.ts";
import { batchModels } from "../datasets/import/batch-models.ts";
import { importFiles } from "../datasets/import/import-files.ts";
import type { ImportReport } from "../datasets/import/import-report.ts";
import { openLineFile, type LineFile } from "../datasets/rows/line-file.ts";
import type { Clock } from "../support/clock.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";
import { openLedger } from "./open-ledger.ts";

/** What to import and as what. */
export interface ImportOrder {
  /** At least one: the name for messages, and where the file is. */
  readonly files: readonly { readonly name: string; readonly path: string }[];
  /** A configured route, for rows that name none; null = the only one there is. */
  readonly route: string | null;
  /** For rows that name none. */
  readonly task: string | null;
  /** Null = the name of the first file, without what follows its first point. */
  readonly dataset: string | null;
  /** Whether prompts and answers are kept. */
  readonly withBodies: boolean;
}

/** How far an import is, in bytes on disk. */
export type TellBytes = (doneBytes: number, totalBytes: number) => void;

export interface ImportPorts {
  readonly signal: AbortSignal;
  readonly tellBytes: TellBytes;
}

/**
 * Brings files of rows into the configured ledger, which begins here if there is none yet.
 *
 * @throws LeadsmanError `route_wanted`, `route_unknown`, `file_missing`, `interrupted`, or one of
 *   the ledger's
 */
export async function importEvidence(
  { routes, ledger: ledgerConfig }: LeadsmanConfig,
  order: ImportOrder,
  clock: Clock,
  ports: ImportPorts,
): Promise<ImportReport & { readonly route: string; readonly dataset: string }> {
  const { task, withBodies } = order;
  const route = routeOf(routes, order.route);
  const { files, onBytes } = await openImport(order.files, ports.tellBytes);
  const dataset = order.dataset ?? (basename(order.files[0]?.path ?? "").split(".")[0] || "rows");
  const ledger = await openLedger(ledgerConfig, clock);
  try {
    const report = await importFiles(ledger, files, {
      route: route.name,
      task,
      dataset,
      isDatasetGiven: order.dataset !== null,
      deepTier: route.tiers.length - 1,
      deepTiers: new Map(routes.map(({ name, tiers }) => [name, tiers.length - 1])),
      nowMs: clock.nowMs(),
      withBodies,
      models: batchModels(route),
      signal: ports.signal,
      onBytes,
    });
    return { route: route.name, dataset, ...report };
  } finally {
    await ledger.close();
  }
}

/** Files that are there, and how to tell how far they are read. */
export async function openImport(
  named: ImportOrder["files"],
  tellBytes: TellBytes,
): Promise<{ readonly files: readonly LineFile[]; readonly onBytes: (bytes: number) => void }> {
  const files = await Promise.all(named.map(({ name, path }) => openLineFile(name, path)));
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let doneBytes = 0;
  return {
    files,
    onBytes: (bytes) => {
      doneBytes += bytes;
      tellBytes(doneBytes, totalBytes);
    },
  };
}

/** @throws LeadsmanError `route_wanted`, `route_unknown` */
export function routeOf(
  routes: LeadsmanConfig["routes"],
  name: string | null,
): LeadsmanConfig["routes"][number] {
  const [first] = routes;
  if (name === null && routes.length === 1 && first !== undefined) return first;
  const names = routes.map((route) => route.name);
  if (name === null) {
    throw new LeadsmanError(
      "route_wanted",
      `Wanted --route, because there is not just one route. Routes: ${names.join(", ")}.`,
    );
  }
  const route = routes.find((one) => one.name === name);
  if (route !== undefined) return route;
  throw unknownName(ROUTE_NAME, name, names);
}
