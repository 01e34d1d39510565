import { readAnswerPair } from "../../quality/grading/answer-pair.ts";
import type { ApiCall } from "./api-call.ts";
import { doubtRoute } from "./doubt-route.ts";
import { readEvidenceFilter } from "./evidence.ts";

/** Pairs come with their texts, so that fewer fit an answer. */
const MAX_PAIRS = 100;
const DEFAULT_PAIRS = 20;

/** Characters of one text; the whole is in the export. */
const MAX_TEXT_CHARS = 20_000;

/**
 * Answers `GET pairs` with `{ rows, next }`: evidence as `GET evidence` has it, with the request and
 * both answers. Not blind.
 */
export async function listPairs({ context, ledger, query }: ApiCall): Promise<object> {
  const filter = readEvidenceFilter(query);
  const limit = query.whole("limit", 1, MAX_PAIRS, DEFAULT_PAIRS);
  const after = query.text("after") ?? undefined;
  query.end();
  const page = await ledger.evidence(filter, limit, after);
  if (page.rows.length === 0) doubtRoute(context, filter.route);
  const rows: object[] = [];
  for (const evidence of page.rows) {
    const { request, cheap, deep, ideal } = await readAnswerPair(ledger, evidence);
    const turns = request?.turns.map(({ role, text }) => ({ role, text: cut(text) }));
    rows.push({
      evidence,
      request: request === null ? null : { system: cut(request.system), turns },
      cheap: cut(cheap),
      deep: cut(deep),
      ideal: cut(ideal),
    });
  }
  return { rows, next: page.next };
}

function cut(text: string | null): string | null {
  if (text === null || text.length <= MAX_TEXT_CHARS) return text;
  return `${text.slice(0, MAX_TEXT_CHARS).toWellFormed()}…`;
}
