import type { CalibrationBar } from "../evidence/calibration-report.ts";
import type { ThresholdPoint } from "../evidence/risk-coverage-report.ts";
import type { WrongShare } from "../evidence/wrong-share.ts";

/** A report as words and tables, before it is text, Markdown, CSV or HTML. */
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
  readonly chart: ReportChart | null;
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
  /** For spreadsheets: plain, unrounded; null = not known. */
  readonly value: number | bigint | string | null;
}

export type ReportChart =
  | { readonly kind: "calibration"; readonly bars: readonly CalibrationBar[] }
  | {
      readonly kind: "risk_coverage";
      readonly points: readonly ThresholdPoint[];
      /** The control: error with as many answers shipped at random. */
      readonly shuffled: WrongShare;
      readonly atMost: number;
    };

/** A cell whose text is its value. */
export function textCell(text: string): ReportCell {
  return { text, value: text };
}
