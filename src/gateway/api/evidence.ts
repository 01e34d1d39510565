import type { EvidenceFilter, EvidenceOf } from "../../ledger/ledger.ts";
import { notFoundError } from "../own-errors.ts";
import { ApiRefusal, type ApiCall, type QueryReader } from "./api-call.ts";
import { doubtRoute } from "./doubt-route.ts";

const MAX_ROWS = 1_000;
const DEFAULT_ROWS = 50;

const EVIDENCE_OF: readonly EvidenceOf[] = ["tiers", "candidates"];

/** Answers `GET evidence` with `{ rows, next }`; `next` is the parameter `after` of the next page. */
export async function listEvidence({ context, ledger, query }: ApiCall): Promise<object> {
  const filter = readEvidenceFilter(query);
  const limit = query.whole("limit", 1, MAX_ROWS, DEFAULT_ROWS);
  const after = query.text("after") ?? undefined;
  query.end();
  const page = await ledger.evidence(filter, limit, after);
  if (page.rows.length === 0) doubtRoute(context, filter.route);
  return page;
}

/** Answers `GET evidence/:id` with `{ evidence, grades }` of one item. */
export async function showEvidence({ ledger, query, id }: ApiCall): Promise<object> {
  const of = query.word("of", EVIDENCE_OF) ?? "tiers";
  query.end();
  const itemId = id ?? "";
  const evidence = await ledger.evidenceOf(itemId, of);
  if (evidence.length === 0) {
    throw new ApiRefusal(notFoundError(`There is no evidence of ${itemId}`));
  }
  return { evidence, grades: await ledger.grades(itemId) };
}

/** The filters that lists of evidence share. */
export function readEvidenceFilter(query: QueryReader): EvidenceFilter {
  const route = query.text("route");
  const task = query.text("task");
  const dataset = query.text("dataset");
  const inputClass = query.text("class");
  const where = query.word("where", ["wrong", "differs", "disputed"] as const);
  const lacks = query.word("lacks", ["label", "human", "judge", "agreement"] as const);
  const fromConfidence = query.share("from_confidence");
  const order = query.word("order", ["newest", "confidence"] as const);
  const fromMs = query.time("from");
  const toMs = query.time("to");
  const of = query.word("of", EVIDENCE_OF);
  return {
    ...(of === null ? {} : { of }),
    ...(route === null ? {} : { route }),
    ...(task === null ? {} : { task }),
    ...(dataset === null ? {} : { dataset }),
    ...(inputClass === null ? {} : { inputClass }),
    ...(where === null ? {} : { where }),
    ...(lacks === null ? {} : { lacks }),
    ...(fromConfidence === null ? {} : { fromConfidence }),
    ...(order === null ? {} : { order }),
    ...(fromMs === null ? {} : { fromMs }),
    ...(toMs === null ? {} : { toMs }),
  };
}
