import { DATASET_NAME, unknownName } from "../config/unknown-name.ts";
import type { Ledger } from "../ledger/ledger.ts";

/**
 * Reads roll-ups only.
 *
 * @throws LeadsmanError `dataset_unknown` with the nearest name, unless the ledger holds evidence of
 *   the data set
 */
export async function requireDataset(
  ledger: Pick<Ledger, "evidenceCounts">,
  dataset: string,
): Promise<void> {
  const names = new Set<string>();
  for (const { key } of await ledger.evidenceCounts({})) {
    if (key.dataset !== null) names.add(key.dataset);
  }
  if (!names.has(dataset)) throw unknownName(DATASET_NAME, dataset, [...names].sort());
}
