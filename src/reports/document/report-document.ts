import type { ReportFigure } from "./report-figure.ts";

/** A report as words, tables and figures, before it is text, Markdown, CSV or a page. */
export interface ReportDocument {
  readonly title: string;
  /** What the report is about: time, promise. */
  readonly subtitle: string;
  /** Must be seen by everybody, above everything else. */
  readonly warnings: readonly string[];
  readonly parts: readonly ReportPart[];
}

/** One route, or one tier of it. */
export interface ReportPart {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly sections: readonly ReportSection[];
}

/** One question with its answer. */
export interface ReportSection {
  /** Stays the same over versions: for links and CSV. */
  readonly id: string;
  readonly question: string;
  /** One sentence. */
  readonly answer: string;
  readonly table: ReportTable | null;
  readonly notes: readonly string[];
  /** Pictures of what the table says, where a form of the report has room for them. */
  readonly figures?: readonly ReportFigure[];
}

export interface ReportTable {
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly ReportCell[])[];
}

export interface ReportColumn {
  readonly title: string;
  /** Numbers go right. */
  readonly isNumber: boolean;
}

export interface ReportCell {
  /** For people, with uncertainty. */
  readonly text: string;
  /** The same in lines, where a form of the report has room for them. */
  readonly lines?: readonly string[];
  /** For spreadsheets: plain, unrounded; null = not known. */
  readonly value: number | bigint | string | null;
}

/** A cell whose text is its value. */
export function textCell(text: string): ReportCell {
  return { text, value: text };
}
