import { basename } from "node:path";
import type { NanoUsd } from "../catalogue/cost.ts";
import type { LeadsmanConfig } from "../config/config.ts";
import type { IdealComparisonName } from "../datasets/replay/ideal-comparison.ts";
import type { UpstreamTimeouts } from "../providers/provider.ts";
import { LeadsmanError } from "../support/leadsman-error.ts";

/** What to replay, through which route, and how far. */
export interface ReplayOrder {
  /** At least one: the name for messages, and where the file is. */
  readonly files: readonly { readonly name: string; readonly path: string }[];
  /** A configured route; null = the only one there is. */
  readonly route: string | null;
  /** For rows that name none. */
  readonly task: string | null;
  /** Null = the name of the first file, without what follows its first point. */
  readonly dataset: string | null;
  /** Rows to draw; null = all. */
  readonly count: number | null;
  /** Decides which rows are drawn. */
  readonly seed: string;
  /** Null = no cap. */
  readonly maxNanoUsd: NanoUsd | null;
  readonly concurrency: number;
  /** For prompts that name no model, where the last tier is the one requested. */
  readonly model: string | null;
  /** For prompts that do not say how long an answer may be. */
  readonly maxTokens: number;
  readonly withBodies: boolean;
  readonly comparison: IdealComparisonName;
  /** Through the Message Batches API: cheaper, and later. */
  readonly isBatch: boolean;
}

/** The name that rows are kept under. */
export function datasetOf({ dataset, files }: Pick<ReplayOrder, "dataset" | "files">): string {
  return dataset ?? (basename(files[0]?.path ?? "").split(".")[0] || "rows");
}

/** @throws LeadsmanError `usage` for a provider that is not configured */
export function timeoutsOf({ providers }: LeadsmanConfig, name: string): UpstreamTimeouts {
  const provider = providers[name];
  if (provider === undefined) throw new LeadsmanError("usage", `There is no provider "${name}".`);
  return provider.timeouts;
}
