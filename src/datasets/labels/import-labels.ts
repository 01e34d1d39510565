import type { Ledger, LedgerEntry } from "../../ledger/ledger.ts";
import type { Outcome } from "../../ledger/records/evidence.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import { failure, success, type Result } from "../../support/result.ts";
import { ProblemList, type PlacedProblem } from "../import/import-report.ts";
import type { RowProblemCode } from "../rows/dataset-row.ts";
import type { LineFile } from "../rows/line-file.ts";
import { rowItemPrefix } from "../rows/row-item.ts";
import { RowRefusal } from "../rows/row-members.ts";
import type { Label, LabelProblem } from "./label.ts";
import { createLabelLines, type LabelLine } from "./label-lines.ts";
import { placeLabel, type LabelLedger, type PlacedLabel } from "./place-label.ts";
import { readLabelRow, type LabelRow } from "./read-label-row.ts";

export interface LabelImportOptions {
  /** Whose rows an `id` names; null = an `id` is one of the ledger. */
  readonly dataset: string | null;
  /** Route of rows that name none. */
  readonly route: string;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  readonly signal: AbortSignal;
  /** Told how many more bytes on disk were read. */
  readonly onBytes: (bytes: number) => void;
}

/** What became of the rows of files of labels. */
export interface LabelReport {
  /** Lines that were neither blank nor the heading of a CSV file. */
  readonly rows: number;
  readonly added: number;
  /** Were there already, from this file or another. */
  readonly known: number;
  /** Of those added: contradict an earlier label, so that the answer is disputed now. */
  readonly disputed: number;
  /** Of those added: about a request that nobody drew, which is in no bound. */
  readonly undrawn: number;
  readonly refused: number;
  readonly refusedByReason: Readonly<Partial<Record<RowProblemCode, number>>>;
  readonly problems: readonly PlacedProblem[];
}

/** Entries written at one time. */
const BATCH_ENTRIES = 500;

/** Who says so where a row does not name them. */
export const DEFAULT_GRADER = "import";

/**
 * Brings labels to items that are in the ledger. The same file again adds nothing, so one that was
 * interrupted is simply repeated.
 *
 * @throws LeadsmanError `interrupted`, or one of the files' or the ledger's
 */
export async function importLabels(
  ledger: LabelLedger & Pick<Ledger, "append" | "evidence">,
  files: readonly LineFile[],
  options: LabelImportOptions,
): Promise<LabelReport> {
  const problems = new ProblemList();
  const batch = new LabelBatch(ledger);
  let rows = 0;
  for (const file of files) {
    const readLine = createLabelLines();
    for await (const lines of file.lines(options.onBytes)) {
      for (const line of lines) {
        const read = readLine(line);
        if (read === "heading") continue;
        rows += 1;
        const placed = await placeRow(ledger, read, options);
        if (placed.ok) await batch.add(placed.value);
        else problems.add(file.name, line.number, placed.problem);
      }
      if (options.signal.aborted) throw interrupted(batch.counts.added);
    }
  }
  await batch.flush();
  return {
    rows,
    ...batch.counts,
    refused: problems.refused,
    refusedByReason: problems.byReason,
    problems: problems.first,
  };
}

async function placeRow(
  ledger: LabelLedger & Pick<Ledger, "evidence">,
  line: Exclude<LabelLine, "heading">,
  options: LabelImportOptions,
) {
  if (!line.ok) return line;
  try {
    const row = readLabelRow(line.value, options.dataset !== null);
    const itemId = await itemIdOf(ledger, row, options);
    if (!itemId.ok) return itemId;
    const { tier, outcome, note } = row;
    const grader = row.grader ?? DEFAULT_GRADER;
    const label: Label = { itemId: itemId.value, tier, outcome, grader, note };
    return await placeLabel(ledger, label, options.nowMs);
  } catch (error) {
    if (error instanceof RowRefusal) return failure(error.problem);
    throw error;
  }
}

/** Two are enough to see that an id is not of one row alone. */
const LOOKED_UP = 2;

async function itemIdOf(
  ledger: Pick<Ledger, "evidence">,
  { id, route: rowRoute }: LabelRow,
  { dataset, route }: LabelImportOptions,
): Promise<Result<string, LabelProblem>> {
  if (id.kind === "item" || dataset === null) return success(id.text);
  const itemIdPrefix = rowItemPrefix(rowRoute ?? route, id.text);
  const { rows } = await ledger.evidence({ itemIdPrefix, dataset }, LOOKED_UP);
  const [first, second] = rows;
  if (first === undefined) return failure(UNKNOWN_ROW);
  return second === undefined ? success(first.itemId) : failure(AMBIGUOUS_ROW);
}

const UNKNOWN_ROW: LabelProblem = {
  code: "unknown_item",
  message: "is of a row that the data set does not hold",
};

const AMBIGUOUS_ROW: LabelProblem = {
  code: "ambiguous_item",
  message: 'is of an id that several answers of the data set have; name one by "item_id"',
};

/** Labels on their way to the ledger, which does not know of them yet. */
class LabelBatch {
  readonly counts = { added: 0, known: 0, disputed: 0, undrawn: 0 };
  readonly #ledger: Pick<Ledger, "append">;
  readonly #gradeIds = new Set<string>();
  readonly #outcomes = new Map<string, Outcome>();
  #entries: LedgerEntry[] = [];

  constructor(ledger: Pick<Ledger, "append">) {
    this.#ledger = ledger;
  }

  async add({ entries, grade, before }: PlacedLabel): Promise<void> {
    if (entries.length === 0 || this.#gradeIds.has(grade.id)) {
      this.counts.known += 1;
      return;
    }
    const answer = `${grade.itemId}/${grade.tier}`;
    const stands = this.#outcomes.get(answer) ?? before;
    const isContradicted = stands !== null && stands !== grade.outcome;
    this.#gradeIds.add(grade.id);
    this.#outcomes.set(answer, isContradicted ? "disputed" : grade.outcome);
    this.#entries.push(...entries);
    this.counts.added += 1;
    if (isContradicted && stands !== "disputed") this.counts.disputed += 1;
    if (entries.some(({ kind }) => kind === "evidence")) this.counts.undrawn += 1;
    if (this.#entries.length >= BATCH_ENTRIES) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#entries.length > 0) await this.#ledger.append(this.#entries);
    this.#entries = [];
    this.#gradeIds.clear();
    this.#outcomes.clear();
  }
}

function interrupted(added: number): LeadsmanError {
  return new LeadsmanError(
    "interrupted",
    `Interrupted after ${added} labels. The same file again adds those that are missing.`,
  );
}
