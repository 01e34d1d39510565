import type { ImportedItem, Ledger } from "../../ledger/ledger.ts";
import { LeadsmanError } from "../../support/leadsman-error.ts";
import type { LineFile } from "../rows/line-file.ts";
import type { RowContext } from "../rows/row-item.ts";
import { BatchJoin, type BatchModels } from "./batch-join.ts";
import { ProblemList, RowCounts, type ImportReport } from "./import-report.ts";
import { createRowSorter } from "./sort-row.ts";
import { settleLabels } from "./settle-labels.ts";

export interface ImportOptions extends RowContext {
  /** Rows of our own export keep their data set unless this is given by the user. */
  readonly isDatasetGiven: boolean;
  readonly models: BatchModels;
  readonly signal: AbortSignal;
  /** Told how many more bytes on disk were read. */
  readonly onBytes: (bytes: number) => void;
}

/** Items handed to the ledger at one time, and length of their lines: a few batches are on their way. */
const BATCH_ITEMS = 1_000;
const BATCH_CHARS = 4 * 1024 * 1024;

/**
 * Brings the rows of files into the ledger as evidence: all that can be understood, or nothing when
 * it is interrupted or the process dies. The same rows again add nothing; a label that contradicts
 * the one an item has is kept beside it, and the item is disputed.
 *
 * @throws LeadsmanError `interrupted`, or one of the files' or the ledger's
 */
export async function importFiles(
  ledger: Pick<Ledger, "importItems" | "evidenceOf" | "append">,
  files: readonly LineFile[],
  options: ImportOptions,
): Promise<ImportReport> {
  const problems = new ProblemList();
  const counts = new RowCounts();
  const { added, known } = await ledger.importItems(itemsOf(files, options, problems, counts));
  const quiet = { ...options, onBytes: () => undefined };
  const labels =
    known === 0
      ? { added: 0, disputed: 0 }
      : // Rows are read once more rather than all remembered: it is rare that any is known.
        await settleLabels(
          ledger,
          itemsOf(files, quiet, new ProblemList(), new RowCounts()),
          options.nowMs,
        );
  const { rows, promptsOnly, unconfigured, unconfiguredRoutes } = counts;
  return {
    ...{ rows, promptsOnly, unconfigured, unconfiguredRoutes },
    added,
    known,
    labelsAdded: labels.added,
    labelsDisputed: labels.disputed,
    refused: problems.refused,
    refusedByReason: problems.byReason,
    problems: problems.first,
  };
}

async function* itemsOf(
  files: readonly LineFile[],
  options: ImportOptions,
  problems: ProblemList,
  counts: RowCounts,
): AsyncGenerator<readonly ImportedItem[]> {
  const join = new BatchJoin(options, problems);
  let batch: ImportedItem[] = [];
  let chars = 0;
  for (const file of files) {
    const sortRow = createRowSorter(file.name, options, join, problems);
    for await (const lines of file.lines(options.onBytes)) {
      if (options.signal.aborted) throw interrupted();
      for (const line of lines) {
        const item = sortRow(line);
        if (item === "heading") continue;
        counts.rows += 1;
        if (item === "prompt_only") counts.promptsOnly += 1;
        else if (item !== null) {
          const { route } = item.evidence;
          if (!options.deepTiers.has(route)) counts.addUnconfigured(route);
          batch.push(item);
        }
        chars += line.text?.length ?? 0;
        if (batch.length < BATCH_ITEMS && chars < BATCH_CHARS) continue;
        yield batch;
        batch = [];
        chars = 0;
      }
    }
  }
  const joined = join.finish();
  counts.promptsOnly += joined.promptsOnly;
  batch.push(...joined.items);
  for (let at = 0; at < batch.length; at += BATCH_ITEMS) yield batch.slice(at, at + BATCH_ITEMS);
}

function interrupted(): LeadsmanError {
  return new LeadsmanError("interrupted", "Interrupted: nothing of the import was kept.");
}
