import type { ImportedItem, StoredBody } from "../../ledger/ledger.ts";
import type { Result } from "../../support/result.ts";
import type { RowProblem } from "../rows/dataset-row.ts";
import { evidenceCsvHeading, evidenceCsvRow } from "../rows/evidence-csv.ts";
import type { ExportedBody, ExportedEvidence } from "../rows/evidence-row.ts";
import type { Line } from "../rows/line-splitter.ts";
import { readRow, readRowObject, type ReadRow } from "../rows/read-row.ts";
import { RowRefusal } from "../rows/row-members.ts";
import { rowItem, type RowContext } from "../rows/row-item.ts";
import type { BatchJoin } from "./batch-join.ts";
import type { ProblemList } from "./import-report.ts";

interface SortContext extends RowContext {
  readonly isDatasetGiven: boolean;
}

/**
 * Makes items of the lines of one file; parts of batches go to the join, refusals to the problems.
 *
 * @returns for each line its item, `prompt_only`, `heading`, or null for what makes none (yet)
 */
export function createRowSorter(
  fileName: string,
  context: SortContext,
  join: BatchJoin,
  problems: ProblemList,
): (line: Line) => ImportedItem | "prompt_only" | "heading" | null {
  let isCsv = false;
  const sort = (line: Line): ImportedItem | "prompt_only" | null => {
    const read = isCsv ? readCsvLine(line) : readRow(line);
    if (!read.ok) {
      problems.add(fileName, line.number, read.problem);
      return null;
    }
    const { value } = read;
    if (value.kind === "evidence") return evidenceItem(value.row, context);
    if (value.kind !== "row") {
      join.add(value, { file: fileName, line: line.number, bytes: line.text?.length ?? 0 });
      return null;
    }
    const { row } = value;
    return row.cheap === null && row.deep === null ? "prompt_only" : rowItem(row, context);
  };
  return (line) => {
    if (line.number === 1 && line.text === evidenceCsvHeading()) {
      isCsv = true;
      return "heading";
    }
    try {
      return sort(line);
    } catch (error) {
      if (!(error instanceof RowRefusal)) throw error;
      problems.add(fileName, line.number, error.problem);
      return null;
    }
  };
}

function readCsvLine(line: Line): Result<ReadRow, RowProblem> {
  if (line.problem !== null) return readRow(line);
  const row = evidenceCsvRow(line.text);
  if (row !== null) return readRowObject(row);
  return { ok: false, problem: { code: "not_csv", message: "has other cells than the heading" } };
}

/** What was traffic elsewhere is a data set here; everything else is kept. */
function evidenceItem({ evidence, bodies }: ExportedEvidence, context: SortContext): ImportedItem {
  const { dataset, isDatasetGiven, withBodies } = context;
  return {
    evidence: {
      ...evidence,
      source: "import",
      dataset: isDatasetGiven ? dataset : (evidence.dataset ?? dataset),
    },
    bodies: withBodies && bodies !== null ? storedBodies(evidence.itemId, bodies) : [],
  };
}

function storedBodies(
  requestId: string,
  bodies: Readonly<Record<string, ExportedBody>>,
): readonly StoredBody[] {
  return Object.entries(bodies).map(([part, body]) => ({
    requestId,
    part,
    bytes: typeof body === "string" ? Buffer.from(body) : Buffer.from(body.base64, "base64"),
  }));
}
