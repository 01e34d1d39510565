import type { EvidenceKey } from "../ledger/records/evidence.ts";

/** No deep model was asked, or none has answered, and none is named: no other model than the named one. */
export function lacksDeep({
  deepModel,
  deepMissing,
}: Pick<EvidenceKey, "deepModel" | "deepMissing">): boolean {
  return deepModel === null && deepMissing !== null;
}
