import type {
  ReportCell,
  ReportDocument,
  ReportPart,
  ReportSection,
  ReportTable,
} from "../document/report-document.ts";
import { escapeHtml } from "./escape-html.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { renderFigure } from "./render-figure.ts";

/**
 * The report as one page that needs nothing else: no script, no file beside it, no network. Well-formed
 * as XML too. Every text is escaped, since texts of clients stand in examples.
 */
export function renderHtml(document: ReportDocument): string {
  const { title, subtitle, warnings, parts } = document;
  return [
    "<!doctype html>",
    '<html lang="en" xmlns="http://www.w3.org/1999/xhtml">',
    "<head>",
    '<meta charset="utf-8"/>',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    '<meta name="color-scheme" content="light dark"/>',
    '<meta name="referrer" content="no-referrer"/>',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    "</head>",
    "<body>",
    `<header><h1>${escapeHtml(title)}</h1><p class="subtitle">${escapeHtml(subtitle)}</p>`,
    ...warnings.map((warning) => `<p class="warning">${escapeHtml(warning)}</p>`),
    ...renderContents(parts),
    "</header>",
    "<main>",
    ...(parts.length === 0 ? [NOTHING_YET] : []),
    ...parts.flatMap(renderPart),
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

const NOTHING_YET =
  '<p class="empty">There is nothing to report yet. Point a client at a running gateway ' +
  "(<code>leadsman up</code>), import answers that are recorded already " +
  "(<code>leadsman import</code>), or look at made-up ones (<code>leadsman demo</code>).</p>";

function renderContents(parts: readonly ReportPart[]): readonly string[] {
  if (parts.length === 0) return [];
  const items = parts.map(({ title, sections }, part) => {
    const links = sections.map(
      ({ question }, section) =>
        `<li><a href="#${sectionId(part, section)}">${escapeHtml(question)}</a></li>`,
    );
    return `<li><a href="#part-${part}">${escapeHtml(title)}</a><ul>${links.join("")}</ul></li>`;
  });
  return [`<nav aria-label="Contents"><ul>${items.join("")}</ul></nav>`];
}

function renderPart({ title, facts, sections }: ReportPart, part: number): readonly string[] {
  return [
    `<article aria-labelledby="part-${part}">`,
    `<h2 id="part-${part}">${escapeHtml(title)}</h2>`,
    '<dl class="facts">',
    ...facts.map(
      ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
    ),
    "</dl>",
    ...sections.flatMap((section, index) => renderSection(section, sectionId(part, index))),
    "</article>",
  ];
}

function sectionId(part: number, section: number): string {
  return `part-${part}-${section}`;
}

/** A wider table goes below its pictures: squeezed, it would scroll and its rows would be tall. */
const MOST_COLUMNS_BESIDE = 4;

function renderSection(
  { id: name, question, answer, table, notes, figures = [] }: ReportSection,
  id: string,
): readonly string[] {
  const rendered = figures.flatMap((figure, index) => {
    const drawn = renderFigure(figure, `${id}-figure-${index}`, answer);
    if (drawn === null) return [];
    return [`<figure>${drawn.svg}<figcaption>${escapeHtml(drawn.caption)}</figcaption></figure>`];
  });
  const tables = table === null || table.rows.length === 0 ? [] : renderTable(table, question);
  const isNarrow = (table?.columns.length ?? 0) <= MOST_COLUMNS_BESIDE;
  const isSplit = rendered.length > 0 && tables.length > 0 && isNarrow;
  return [
    `<section aria-labelledby="${id}" class="${escapeHtml(name)}">`,
    `<h3 id="${id}">${escapeHtml(question)}</h3>`,
    `<p class="answer">${escapeHtml(answer)}</p>`,
    `<div class="${isSplit ? "beside" : "alone"}">`,
    ...(rendered.length === 0 ? [] : ['<div class="figures">', ...rendered, "</div>"]),
    ...tables,
    "</div>",
    ...notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`),
    "</section>",
  ];
}

/** A table that is wider than its place scrolls by itself, with the keyboard as well. */
function renderTable({ columns, rows }: ReportTable, question: string): readonly string[] {
  const name = escapeHtml(`Table: ${question}`);
  return [
    `<div class="table" role="region" aria-label="${name}" tabindex="0"><table>`,
    "<thead><tr>",
    ...columns.map(
      ({ title, isNumber }) =>
        `<th scope="col"${isNumber ? ' class="number"' : ""}>${escapeHtml(title)}</th>`,
    ),
    "</tr></thead>",
    "<tbody>",
    ...rows.map((row) => {
      const cells = row.map((cell, index) =>
        renderCell(cell, index === 0, columns[index]?.isNumber === true),
      );
      return `<tr>${cells.join("")}</tr>`;
    }),
    "</tbody></table></div>",
  ];
}

function renderCell({ text, lines }: ReportCell, isFirst: boolean, isNumber: boolean): string {
  const content =
    lines === undefined
      ? escapeHtml(text)
      : `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("")}</ul>`;
  const kind = isNumber ? ' class="number"' : "";
  return isFirst ? `<th scope="row"${kind}>${content}</th>` : `<td${kind}>${content}</td>`;
}
