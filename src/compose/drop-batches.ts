import { createCatalogue } from "../catalogue/catalogue.ts";
import { createProtocol } from "../cascade/protocols/create-protocol.ts";
import type { LeadsmanConfig } from "../config/config.ts";
import type { BatchAsker } from "../datasets/replay/batch/batch-asker.ts";
import type { Trouble } from "../datasets/replay/tier-asker.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { ReplayBatch } from "../ledger/records/replay-batch.ts";
import type { Clock } from "../support/clock.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";
import { routeOf } from "./import-evidence.ts";
import { openExistingLedger } from "./open-existing-ledger.ts";
import { openProviders } from "./open-providers.ts";
import { createBatchAsker } from "./replay-batch-asker.ts";
import { datasetOf, timeoutsOf, type ReplayOrder } from "./replay-order.ts";

export interface DroppedBatches {
  readonly route: string;
  readonly dataset: string;
  readonly batches: number;
  /** Requests whose answers are not waited for any more. */
  readonly requests: number;
  /** Why upstream could not be told to stop, where it could not. */
  readonly troubles: readonly Trouble[];
}

/**
 * Gives up the batches of a data set that are under way: upstream is told to stop, and their rows may
 * be asked again. What upstream has answered by then is paid for and never booked.
 *
 * @throws LeadsmanError `route_wanted`, `route_unknown`, or one of the ledger's
 */
export async function dropBatches(
  config: LeadsmanConfig,
  order: Pick<ReplayOrder, "route" | "dataset" | "files">,
  clock: Clock,
  stop: AbortSignal,
): Promise<DroppedBatches> {
  const route = routeOf(config.routes, order.route);
  const dataset = datasetOf(order);
  const ledger = await openExistingLedger(config.ledger, clock);
  const batches = (await ledger?.openBatches(route.name, dataset)) ?? [];
  const providers = openProviders(config);
  const asker = createBatchAsker({
    ...{ route, protocol: createProtocol(route.protocol), providers, clock },
    catalogue: createCatalogue({ overrides: config.prices }),
    timeoutsOf: (name) => timeoutsOf(config, name),
    onHead: () => undefined,
  });
  const troubles: Trouble[] = [];
  try {
    for (const batch of batches) {
      const trouble = await stopUpstream(asker, batch, stop);
      if (trouble !== null) troubles.push(trouble);
      const dropped = { ...batch, state: "dropped", itemIds: [] } as const;
      await ledger?.append([{ kind: "batch", batch: dropped }]);
    }
  } finally {
    await ledger?.close();
    await Promise.all([...providers.values()].map((provider) => provider.close()));
  }
  const requests = batches.reduce((sum, { itemIds }) => sum + itemIds.length, 0);
  return { route: route.name, dataset, batches: batches.length, requests, troubles };
}

/** @returns what was in the way; null also when there is nothing left to stop */
async function stopUpstream(
  asker: BatchAsker,
  batch: ReplayBatch,
  stop: AbortSignal,
): Promise<Trouble | null> {
  if (batch.upstreamId === null) return null;
  const seen = await asker.look(batch, stop);
  if (seen.kind === "ended" || seen.kind === "gone") return null;
  const trouble = await asker.cancel(batch, stop);
  return trouble === null ? null : trouble.trouble;
}

/** @throws LeadsmanError `batches_open`: rows that are under way would be asked and paid for twice */
export async function requireNoBatches(
  ledger: Pick<Ledger, "openBatches">,
  { route, dataset }: { readonly route: string; readonly dataset: string },
): Promise<void> {
  const batches = await ledger.openBatches(route, dataset);
  if (batches.length === 0) return;
  const requests = batches.reduce((sum, { itemIds }) => sum + itemIds.length, 0);
  throw new LeadsmanError(
    "batches_open",
    `${String(requests)} requests of data set ${dataset} are under way in batches: asked one by one ` +
      "they would be paid for twice. Add --batch to wait for them, or --drop-batches to give them up.",
  );
}
