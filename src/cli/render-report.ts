import type {
  ReportDocument,
  ReportPart,
  ReportSection,
} from "../reports/document/report-document.ts";
import type { Paint } from "./paint.ts";
import { printableText } from "./printable-text.ts";
import { renderFacts, renderTable } from "./table.ts";

/** A report for the terminal: each question, its answer, its table. */
export function renderReport(document: ReportDocument, paint: Paint): string {
  return [
    `${paint.strong(document.title)}  ${paint.faint(document.subtitle)}`,
    ...document.warnings.map((warning) => paint.warning(warning)),
    ...document.parts.flatMap((part) => renderPart(part, paint)),
  ].join("\n");
}

function renderPart({ title, facts, sections }: ReportPart, paint: Paint): readonly string[] {
  return [
    "",
    paint.strong(printableText(title)),
    ...renderFacts(
      facts.map(([name, value]) => [name, printableText(value)] as const),
      paint,
    ),
    ...sections.flatMap((section) => renderSection(section, paint)),
  ];
}

function renderSection(
  { question, answer, table, notes }: ReportSection,
  paint: Paint,
): readonly string[] {
  const columns = (table?.columns ?? []).map(({ title, isNumber }) => ({
    title,
    align: isNumber ? ("right" as const) : ("left" as const),
  }));
  const rows = (table?.rows ?? []).map((row) => row.map(({ text }) => printableText(text)));
  return [
    "",
    `  ${paint.strong(question)}`,
    `  ${printableText(answer)}`,
    ...(rows.length === 0 ? [] : renderTable(columns, rows, paint)),
    ...notes.map((note) => `  ${paint.faint(printableText(note))}`),
  ];
}
