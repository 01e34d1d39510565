import type { ReportDocument } from "./report-document.ts";

const HEADING = ["part", "section", "row", "column", "value", "text"];

/**
 * The report's tables as CSV (RFC 4180), one line per cell, so that all tables fit into one file:
 * part, section, row (from 1), column, plain value (empty = not known), and the text for people. What
 * everybody must see comes first, in the section `warnings`.
 */
export function renderCsv(document: ReportDocument): string {
  const warnings = document.warnings.map((warning, index) =>
    csvLine(["", "warnings", String(index + 1), "", "", warning]),
  );
  const lines = document.parts.flatMap(({ title, sections }) =>
    sections.flatMap(({ id, table }) =>
      (table?.rows ?? []).flatMap((row, index) =>
        row.map(({ value, text }, column) =>
          csvLine([
            title,
            id,
            String(index + 1),
            table?.columns[column]?.title ?? "",
            value === null ? "" : String(value),
            text,
          ]),
        ),
      ),
    ),
  );
  return [csvLine(HEADING), ...warnings, ...lines].join("\r\n");
}

function csvLine(fields: readonly string[]): string {
  return fields.map(csvField).join(",");
}

/** What a spreadsheet would take for a formula gets an apostrophe; numbers stay numbers. */
function csvField(field: string): string {
  const isFormula = /^[=+\-@\t\r]/.test(field) && !Number.isFinite(Number(field));
  const safe = isFormula ? `'${field}` : field;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
