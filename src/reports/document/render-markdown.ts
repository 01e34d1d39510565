import type { ReportDocument, ReportPart, ReportSection, ReportTable } from "./report-document.ts";

/** The report as Markdown, with tables as GitHub reads them. */
export function renderMarkdown(document: ReportDocument): string {
  const head = [`# ${escape(document.title)}`, "", escape(document.subtitle)];
  const warnings = document.warnings.flatMap((warning) => ["", `> **${escape(warning)}**`]);
  return [...head, ...warnings, ...document.parts.flatMap(renderPart)].join("\n");
}

function renderPart({ title, facts, sections }: ReportPart): readonly string[] {
  return [
    "",
    `## ${escape(title)}`,
    "",
    ...facts.map(([name, value]) => `- ${escape(name)}: ${escape(value)}`),
    ...sections.flatMap(renderSection),
  ];
}

function renderSection({ question, answer, table, notes }: ReportSection): readonly string[] {
  return [
    "",
    `### ${escape(question)}`,
    "",
    escape(answer),
    ...(table === null || table.rows.length === 0 ? [] : ["", ...renderTable(table)]),
    ...notes.flatMap((note) => ["", escape(note)]),
  ];
}

function renderTable({ columns, rows }: ReportTable): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({ title }) => escape(title))),
    line(columns.map(({ isNumber }) => (isNumber ? "---:" : "---"))),
    ...rows.map((row) => line(row.map(({ text }) => escape(text)))),
  ];
}

/** Texts of clients stand in examples: nothing in them may become a link, a picture or a tag. */
function escape(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|#!~]/g, "\\$&")
    .replace(/\s+/g, " ")
    .trim();
}
