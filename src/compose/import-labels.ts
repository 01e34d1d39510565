import type { LeadsmanConfig } from "../config/config.ts";
import { importLabels as importLabelFiles } from "../datasets/labels/import-labels.ts";
import type { LabelReport } from "../datasets/labels/import-labels.ts";
import type { Clock } from "../support/clock.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";
import { openImport, routeOf, type ImportOrder, type ImportPorts } from "./import-evidence.ts";
import { openExistingLedger } from "./open-existing-ledger.ts";
import { requireDataset } from "./require-dataset.ts";

/** Which labels to bring to the items of the ledger. */
export interface LabelOrder extends Pick<ImportOrder, "files" | "route"> {
  /** Whose rows an `id` names; null = ids are those of the ledger. */
  readonly dataset: string | null;
}

/**
 * Brings files of labels to items that are in the configured ledger.
 *
 * @throws LeadsmanError `ledger_missing`, `dataset_unknown`, `route_wanted`, `route_unknown`,
 *   `file_missing`, `interrupted`, or one of the ledger's
 */
export async function importLabels(
  { routes, ledger: ledgerConfig }: LeadsmanConfig,
  order: LabelOrder,
  clock: Clock,
  ports: ImportPorts,
): Promise<LabelReport> {
  const isRouteWanted = order.dataset !== null || order.route !== null;
  const route = isRouteWanted ? routeOf(routes, order.route).name : "";
  const { files, onBytes } = await openImport(order.files, ports.tellBytes);
  const ledger = await openExistingLedger(ledgerConfig, clock);
  if (ledger === null) {
    throw new LeadsmanError(
      "ledger_missing",
      `There is no ledger at ${ledgerConfig.url} yet, and so nothing that labels could be about. ` +
        "It begins with the first request after `leadsman up`, or with `leadsman import`.",
    );
  }
  try {
    const { dataset } = order;
    if (dataset !== null) await requireDataset(ledger, dataset);
    const { signal } = ports;
    const nowMs = clock.nowMs();
    return await importLabelFiles(ledger, files, { dataset, route, nowMs, signal, onBytes });
  } finally {
    await ledger.close();
  }
}
