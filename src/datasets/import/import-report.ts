import type { RowProblem, RowProblemCode } from "../rows/dataset-row.ts";

/** What became of the rows of an import. */
export interface ImportReport {
  /** Lines that were neither blank nor the heading of a CSV file. */
  readonly rows: number;
  /** Items that are new in the ledger. */
  readonly added: number;
  /** Items that were there already. */
  readonly known: number;
  /** Rows with a prompt and no answers: work for `replay`, nothing to keep. */
  readonly promptsOnly: number;
  /** Rows that name a route which is not configured: kept, and read by no tuning. */
  readonly unconfigured: number;
  /** The first of those routes. */
  readonly unconfiguredRoutes: readonly string[];
  /** Labels that came to items which were there already without one. */
  readonly labelsAdded: number;
  /** Labels that contradict the one that an item had: it is disputed now. */
  readonly labelsDisputed: number;
  readonly refused: number;
  readonly refusedByReason: Readonly<Partial<Record<RowProblemCode, number>>>;
  /** The first of the refused rows. */
  readonly problems: readonly PlacedProblem[];
}

export interface PlacedProblem extends RowProblem {
  readonly file: string;
  readonly line: number;
}

/** Refused rows that are told one by one; of the rest only the number is. */
export const TOLD_PROBLEMS = 20;

/** Counts refused rows and remembers the first of them. */
export class ProblemList {
  refused = 0;
  readonly byReason: Partial<Record<RowProblemCode, number>> = {};
  readonly first: PlacedProblem[] = [];

  add(file: string, line: number, problem: RowProblem): void {
    this.refused += 1;
    this.byReason[problem.code] = (this.byReason[problem.code] ?? 0) + 1;
    if (this.first.length < TOLD_PROBLEMS) this.first.push({ file, line, ...problem });
  }
}

/** Routes that are told by name; of the rest only the number of rows is. */
const TOLD_ROUTES = 5;

/** Counts what rows are besides refused. */
export class RowCounts {
  rows = 0;
  promptsOnly = 0;
  unconfigured = 0;
  readonly unconfiguredRoutes: string[] = [];

  addUnconfigured(route: string): void {
    this.unconfigured += 1;
    const { unconfiguredRoutes: told } = this;
    if (told.length < TOLD_ROUTES && !told.includes(route)) told.push(route);
  }
}
