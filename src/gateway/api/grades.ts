import type { ApiCall } from "./api-call.ts";

const MAX_ROWS = 1_000;
const DEFAULT_ROWS = 50;

/**
 * Answers `GET grades` with `{ rows, next }`: verdicts of one kind (`by`), newest first, those taken
 * back included.
 */
export async function listGrades({ ledger, query }: ApiCall): Promise<object> {
  const by = query.word("by", ["label", "human", "judge", "agreement"] as const) ?? "human";
  const limit = query.whole("limit", 1, MAX_ROWS, DEFAULT_ROWS);
  const after = query.text("after") ?? undefined;
  query.end();
  return ledger.gradesBy(by, limit, after);
}
