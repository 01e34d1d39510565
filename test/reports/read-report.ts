/** A report as one of its forms shows it: words and cells, before anything is made of them. */
export interface ShownPart {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly sections: readonly ShownSection[];
}

export interface ShownSection {
  readonly question: string;
  readonly answer: string;
  /** Titles first; empty = no table. */
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

/** What `--md` printed. */
export function readMarkdown(text: string): readonly ShownPart[] {
  const [, ...parts] = `\n${text}`.split(/\n## /);
  return parts.map((part) => {
    const [head = "", ...sections] = part.split(/\n### /);
    const [title = "", ...facts] = head.split("\n").filter((line) => line !== "");
    return {
      title: unescape(title),
      facts: facts.map((line) => split(unescape(line.replace(/^- /, "")), ": ")),
      sections: sections.map(markdownSection),
    };
  });
}

function markdownSection(text: string): ShownSection {
  const [question = "", answer = "", ...rest] = text.split("\n").filter((line) => line !== "");
  const rows = rest.filter((line) => line.startsWith("| ") && !/^[| :-]+$/.test(line));
  return {
    question: unescape(question),
    answer: unescape(answer),
    rows: rows.map((line) =>
      line
        .slice(2, -2)
        .split(" | ")
        .map((cell) => unescape(cell.trim())),
    ),
    notes: rest.filter((line) => !line.startsWith("|")).map(unescape),
  };
}

function unescape(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

/** What `--html` wrote, pictures apart. */
export function readHtml(page: string): readonly ShownPart[] {
  return all(page, /<article[^>]*>(.*?)<\/article>/gs).map((article) => {
    const names = all(article, /<dt>(.*?)<\/dt>/gs).map(plain);
    const values = all(article, /<dd>(.*?)<\/dd>/gs).map(plain);
    return {
      title: plain(first(article, /<h2[^>]*>(.*?)<\/h2>/s)),
      facts: names.map((name, index) => [name, values[index] ?? ""] as const),
      sections: all(article, /<section[^>]*>(.*?)<\/section>/gs).map((section) => ({
        question: plain(first(section, /<h3[^>]*>(.*?)<\/h3>/s)),
        answer: plain(first(section, /<p class="answer">(.*?)<\/p>/s)),
        rows: all(section, /<tr>(.*?)<\/tr>/gs).map((row) =>
          all(row, /<t[hd][^>]*>(.*?)<\/t[hd]>/gs).map(plain),
        ),
        notes: all(section, /<p class="note">(.*?)<\/p>/gs).map(plain),
      })),
    };
  });
}

/** Section names of the page, by question: CSV has the names. */
export function sectionIds(page: string): ReadonlyMap<string, string> {
  const sections = page.matchAll(/<section[^>]*class="([^"]*)">\s*<h3[^>]*>(.*?)<\/h3>/gs);
  return new Map(Array.from(sections, ([, id = "", question = ""]) => [plain(question), id]));
}

function plain(markup: string): string {
  return markup
    .replaceAll("</li><li>", "; ")
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}

/** One line of `--csv`. */
export interface CsvCell {
  readonly part: string;
  readonly section: string;
  readonly row: string;
  readonly column: string;
  readonly value: string;
  readonly text: string;
}

/** What `--csv` printed, its heading apart. */
export function readCsv(text: string): readonly CsvCell[] {
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|$)/y;
  const lines: string[][] = [[]];
  while (field.lastIndex < text.length) {
    const [, content = "", end] = field.exec(text) ?? [];
    lines
      .at(-1)
      ?.push(content.startsWith('"') ? content.slice(1, -1).replaceAll('""', '"') : content);
    if (end === "\r\n") lines.push([]);
  }
  return lines
    .slice(1)
    .map(([part = "", section = "", row = "", column = "", value = "", said = ""]) => {
      return { part, section, row, column, value, text: said };
    });
}

/**
 * What stands in the terminal: blocks between empty lines, their lines cut where two blanks or more
 * part cells. A cell without text is not to be seen, so that it is left out.
 */
export function readText(text: string): readonly (readonly (readonly string[])[])[] {
  return text.split("\n\n").map((block) => block.split("\n").map(cellsOf));
}

/** The same of a part of a report in another form. */
export function asTextBlocks({ title, facts, sections }: ShownPart): ReturnType<typeof readText> {
  return [
    [[title], ...facts.map((fact) => fact.filter((cell) => cell !== ""))],
    ...sections.map(({ question, answer, rows, notes }) => [
      [question],
      [answer],
      ...rows.map((row) => row.filter((cell) => cell !== "")),
      ...notes.map((note) => [note]),
    ]),
  ];
}

function cellsOf(line: string): readonly string[] {
  return line.trim().split(/ {2,}/);
}

function split(text: string, at: string): readonly [string, string] {
  const place = text.indexOf(at);
  return [text.slice(0, place), text.slice(place + at.length)];
}

function all(text: string, pattern: RegExp): readonly string[] {
  return Array.from(text.matchAll(pattern), ([, content = ""]) => content);
}

function first(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? "";
}
