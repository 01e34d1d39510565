import { basename } from "node:path";
import type { LeadsmanConfig } from "../config/config.ts";
import { batchModels } from "../datasets/import/batch-models.ts";
import { importFiles } from "../datasets/import/import-files.ts";
import type { ImportReport } from "../datasets/import/import-report.ts";
import { openLineFile } from "../datasets/rows/line-file.ts";
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
  ports: { readonly signal: AbortSignal; readonly tellBytes: TellBytes },
): Promise<ImportReport & { readonly route: string; readonly dataset: string }> {
  const { task, withBodies } = order;
  const route = routeOf(routes, order.route);
  const files = await Promise.all(order.files.map(({ name, path }) => openLineFile(name, path)));
  const totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const dataset = order.dataset ?? (basename(order.files[0]?.path ?? "").split(".")[0] || "rows");
  let doneBytes = 0;
  const ledger = await openLedger(ledgerConfig, clock);
  try {
    const report = await importFiles(ledger, files, {
      route: route.name,
      task,
      dataset,
      isDatasetGiven: order.dataset !== null,
      deepTier: route.tiers.length - 1,
      nowMs: clock.nowMs(),
      withBodies,
      models: batchModels(route),
      signal: ports.signal,
      onBytes: (bytes) => {
        doneBytes += bytes;
        ports.tellBytes(doneBytes, totalBytes);
      },
    });
    return { route: route.name, dataset, ...report };
  } finally {
    await ledger.close();
  }
}

function routeOf(
  routes: LeadsmanConfig["routes"],
  name: string | null,
): LeadsmanConfig["routes"][number] {
  const [first] = routes;
  if (name === null && routes.length === 1 && first !== undefined) return first;
  const names = routes.map((route) => route.name).join(", ");
  if (name === null) {
    throw new LeadsmanError(
      "route_wanted",
      `Wanted --route, because there is not just one route. Routes: ${names}.`,
    );
  }
  const route = routes.find((one) => one.name === name);
  if (route !== undefined) return route;
  throw new LeadsmanError("route_unknown", `There is no route "${name}". Routes: ${names}.`);
}
