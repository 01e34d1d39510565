import { isCalendarDay } from "../../support/calendar-day.ts";
import { isJsonObject } from "../../support/json.ts";
import type { JsonObject, JsonValue } from "../../support/json.ts";
import { failure, success, type Result } from "../../support/result.ts";
import type { DatasetRow, RowProblem } from "./dataset-row.ts";
import { EVIDENCE_FORMAT, readEvidenceRow, type ExportedEvidence } from "./evidence-row.ts";
import type { Line } from "./line-splitter.ts";
import { member, refuse, ROW_MEMBERS, RowRefusal, textMember } from "./row-members.ts";
import { readPrompt } from "./row-prompt.ts";
import { readSide } from "./row-side.ts";

/** A line of any of the formats that are known; which one is seen from its members. */
export type ReadRow =
  | { readonly kind: "row"; readonly row: DatasetRow }
  | { readonly kind: "evidence"; readonly row: ExportedEvidence }
  | { readonly kind: "batch_request"; readonly customId: string; readonly params: JsonObject }
  | { readonly kind: "batch_result"; readonly customId: string; readonly message: JsonObject };

/** The one place where lines are understood. Checked by hand: it is called once for every row. */
export function readRow(line: Line): Result<ReadRow, RowProblem> {
  const parsed = readLineObject(line);
  return parsed.ok ? readRowObject(parsed.value) : parsed;
}

/** The members of a line of JSON. */
export function readLineObject(line: Line): Result<JsonObject, RowProblem> {
  if (line.problem !== null) return failure(lineProblem(line.problem));
  const parsed = parseJson(line.text);
  if (parsed === undefined) return failure({ code: "not_json", message: "is no JSON" });
  if (!isJsonObject(parsed)) {
    return failure({ code: "not_an_object", message: "is JSON, but no object" });
  }
  return success(parsed);
}

/** The same from the line's members. */
export function readRowObject(row: JsonObject): Result<ReadRow, RowProblem> {
  try {
    return success(readObject(row));
  } catch (error) {
    if (error instanceof RowRefusal) return failure(error.problem);
    throw error;
  }
}

/** A row of a data set from its members. @throws RowRefusal */
export function readDatasetRow(row: JsonObject): DatasetRow {
  const cheap = sideMember(row, ROW_MEMBERS.cheap);
  const deep = sideMember(row, ROW_MEMBERS.deep);
  const prompt = readPrompt(row);
  if (prompt === null && cheap === null && deep === null) {
    refuse("unknown_shape", "has neither a prompt nor answers");
  }
  return {
    id: textMember(row, ROW_MEMBERS.id),
    route: textMember(row, ROW_MEMBERS.route),
    task: textMember(row, ROW_MEMBERS.task),
    createdAtMs: timeOf(member(row, ROW_MEMBERS.createdAt)),
    cluster: clusterOf(row),
    prompt,
    ideals: idealsOf(member(row, ROW_MEMBERS.ideal)),
    cheap: cheap === null ? null : readSide(cheap),
    deep: deep === null ? null : readSide(deep),
  };
}

/** @returns undefined when the text is no JSON, which null would not tell */
function parseJson(text: string): JsonValue | undefined {
  try {
    // JsonValue is, by its definition, what JSON.parse returns.
    return JSON.parse(text) as JsonValue;
  } catch {
    return text.includes("NaN") || text.includes("Infinity") ? parseLoose(text) : undefined;
  }
}

/** Python writes numbers that are none as bare words; they are read as null. */
function parseLoose(text: string): JsonValue | undefined {
  const plain = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) =>
    found.startsWith('"') ? found : "null",
  );
  try {
    return JSON.parse(plain) as JsonValue;
  } catch {
    return undefined;
  }
}

function readObject(row: JsonObject): ReadRow {
  if (row["format"] !== undefined) return readFormat(row);
  if (row["custom_id"] !== undefined) return readBatchRow(row);
  if (row["attempts"] !== undefined && row["decision"] !== undefined) {
    refuse("request_record", "is the record of a request and holds no evidence");
  }
  return { kind: "row", row: readDatasetRow(row) };
}

function readFormat(row: JsonObject): ReadRow {
  if (row["format"] !== EVIDENCE_FORMAT) {
    refuse("unknown_shape", `has a "format" that is not ${EVIDENCE_FORMAT}`);
  }
  return { kind: "evidence", row: readEvidenceRow(row) };
}

function readBatchRow({ custom_id: customId, params, result }: JsonObject): ReadRow {
  if (typeof customId !== "string") refuse("invalid_member", '"custom_id" is no text');
  if (isJsonObject(params) && result === undefined) {
    return { kind: "batch_request", customId, params };
  }
  if (!isJsonObject(result) || params !== undefined) {
    refuse("unknown_shape", 'has a "custom_id" and neither "params" nor "result" as an object');
  }
  const { type, message } = result;
  if (type === "succeeded" && isJsonObject(message)) {
    return { kind: "batch_result", customId, message };
  }
  const word = typeof type === "string" && /^[a-z_]{1,40}$/.test(type) ? type : "unreadable";
  return refuse("batch_mismatch", `is a result without an answer (${word})`);
}

function sideMember(row: JsonObject, names: readonly string[]): JsonObject | null {
  const value = member(row, names);
  if (value === undefined || value === null) return null;
  return isJsonObject(value) ? value : refuse("invalid_member", `"${names[0] ?? ""}" is no object`);
}

/** `extra.group` is where recorded sets keep what belongs together. */
function clusterOf(row: JsonObject): string | null {
  const cluster = textMember(row, ROW_MEMBERS.cluster);
  const { extra } = row;
  const group = isJsonObject(extra) ? textMember(extra, ["group"]) : null;
  if (cluster !== null && group !== null && cluster !== group) {
    refuse("ambiguous_member", '"cluster" and "extra.group" mean the same and differ');
  }
  return cluster ?? group;
}

function idealsOf(value: JsonValue | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  const all = Array.isArray(value) ? value : [value];
  return all.map((ideal: JsonValue) => (typeof ideal === "string" ? ideal : JSON.stringify(ideal)));
}

/** An ISO 8601 time with its zone, or milliseconds since 1970 (never seconds). */
function timeOf(value: JsonValue | undefined): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= EARLIEST_MS)
    return value;
  if (typeof value === "string" && ISO_TIME.test(value)) {
    const timeMs = Date.parse(value);
    if (Number.isFinite(timeMs) && isCalendarDay(value)) return timeMs;
  }
  return refuse(
    "invalid_member",
    '"created_at" is neither an ISO time with its zone nor milliseconds',
  );
}

/** Below this a number is taken for seconds, so it is refused. 1980. */
const EARLIEST_MS = 315_532_800_000;
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/;

function lineProblem(problem: "line_too_long" | "invalid_utf8"): RowProblem {
  return problem === "line_too_long"
    ? { code: problem, message: "is longer than 32 MiB" }
    : { code: problem, message: "is no UTF-8" };
}
