import type { EvidenceFilter, Ledger, RequestFilter } from "../../ledger/ledger.ts";
import type { Evidence } from "../../ledger/records/evidence.ts";
import { lacksDeep } from "../lacks-deep.ts";
import type { StratumKey } from "./choose-stratum.ts";
import { requestExcerpt } from "./request-excerpt.ts";
import { isInSlice } from "./slice-report.ts";
import type { TierReport } from "./tier-report.ts";

/** A wrong answer to look at. */
export interface Example {
  readonly itemId: string;
  readonly task: string | null;
  readonly confidence: number | null;
  /** Who called it wrong. */
  readonly by: "label" | "human" | "judge";
  /** The beginning of what was asked; null where texts are not kept or not wanted. */
  readonly excerpt: string | null;
}

export interface Examples {
  /** Three of each slice, in the order of the report's slices. */
  readonly ofSlices: readonly (readonly Example[])[];
  /** Wrong although confident: highest confidence first, at most ten. */
  readonly confident: readonly Example[];
}

const PER_SLICE = 3;
const MOST_CONFIDENT = 10;

/** Items looked through for each question; with rare matches fewer examples are shown. */
const LOOKED_THROUGH = 500;

/** Finds wrong answers of the report's own evidence, with the beginnings of their requests. */
export async function findExamples(
  ledger: Pick<Ledger, "evidence" | "body">,
  span: RequestFilter,
  { key, slices, threshold }: Pick<TierReport, "key" | "slices" | "threshold">,
  withTexts: boolean,
): Promise<Examples> {
  const find = async (filter: EvidenceFilter, fits: (item: Evidence) => boolean, most: number) => {
    const page = await ledger.evidence(
      { ...span, ...filter, route: key.route, where: "wrong" },
      LOOKED_THROUGH,
    );
    const found = page.rows.filter((item) => isOfKey(item, key) && fits(item)).slice(0, most);
    return Promise.all(found.map((item) => exampleOf(ledger, item, withTexts)));
  };
  const ofSlices: (readonly Example[])[] = [];
  for (const { features } of slices.slices) {
    ofSlices.push(await find(filterOf(features), (item) => isInSlice(item, features), PER_SLICE));
  }
  const fromConfidence = threshold ?? 0;
  const isConfident = ({ confidence, cheapMissing }: Evidence): boolean =>
    confidence !== null && confidence >= fromConfidence && cheapMissing === null;
  const confident = await find(
    { order: "confidence", fromConfidence },
    isConfident,
    MOST_CONFIDENT,
  );
  return { ofSlices, confident };
}

/** What of a slice the ledger can look for by itself. */
function filterOf(features: readonly string[]): EvidenceFilter {
  const task = features.find((feature) => feature.startsWith("task:"));
  const inputClass = features.find(
    (feature) => !feature.startsWith("task:") && !feature.startsWith("confidence:"),
  );
  return {
    ...(task === undefined ? {} : { task: task.slice("task:".length) }),
    ...(inputClass === undefined ? {} : { inputClass }),
  };
}

function isOfKey(item: Evidence, key: StratumKey): boolean {
  return (
    item.tier === key.tier &&
    item.source === key.source &&
    item.cheapModel === key.cheapModel &&
    (item.deepModel === key.deepModel || lacksDeep(item)) &&
    item.promptHash === key.promptHash
  );
}

async function exampleOf(
  ledger: Pick<Ledger, "body">,
  { itemId, task, confidence, cheap }: Evidence,
  withTexts: boolean,
): Promise<Example> {
  const body = withTexts ? await ledger.body(itemId, "request") : null;
  const by = cheap.label !== null ? "label" : cheap.human !== null ? "human" : "judge";
  return { itemId, task, confidence, by, excerpt: body === null ? null : requestExcerpt(body) };
}
