import type { JsonObject, JsonValue } from "../../support/json.ts";
import { failure, success, type Result } from "../../support/result.ts";
import { csvCells } from "../rows/csv-cells.ts";
import type { RowProblem } from "../rows/dataset-row.ts";
import type { Line } from "../rows/line-splitter.ts";
import { readLineObject } from "../rows/read-row.ts";
import { LABEL_MEMBERS } from "./read-label-row.ts";

/** What one line of a file of labels holds; `heading` names the columns of a CSV file. */
export type LabelLine = Result<JsonObject, RowProblem> | "heading";

/** Reads the lines of one file, JSON lines or CSV with a heading, as its first line shows. */
export function createLabelLines(): (line: Line) => LabelLine {
  let columns: readonly string[] | null = null;
  return (line) => {
    if (line.problem !== null || line.text === null) return readLineObject(line);
    if (line.number === 1 && !line.text.startsWith("{")) {
      const heading = readHeading(line.text);
      if (heading === null) return failure(NO_HEADING);
      columns = heading;
      return "heading";
    }
    return columns === null ? readLineObject(line) : readCells(line.text, columns);
  };
}

const NO_HEADING: RowProblem = {
  code: "not_csv",
  message:
    "is neither a JSON object nor a heading of CSV with columns such as request_id and correct",
};

const NAMES: ReadonlySet<string> = new Set(Object.values(LABEL_MEMBERS).flat());

/** @returns null unless there are at least an id and what is said of it */
function readHeading(text: string): readonly string[] | null {
  const names = csvCells(text)?.map((cell) => cell?.trim() ?? "") ?? [];
  return names.filter((name) => NAMES.has(name)).length < 2 ? null : names;
}

function readCells(text: string, columns: readonly string[]): Result<JsonObject, RowProblem> {
  const cells = csvCells(text);
  if (cells?.length !== columns.length) {
    return failure({ code: "not_csv", message: "has other cells than the heading" });
  }
  const members = columns.map((name, index): [string, JsonValue] => [name, cells[index] ?? null]);
  return success(Object.fromEntries(members.filter(([, value]) => value !== null)));
}
