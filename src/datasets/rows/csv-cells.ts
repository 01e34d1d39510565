/**
 * The cells of a line of CSV (RFC 4180, no line ends inside of cells); null when its quotes do not
 * pair. Nothing between commas is null, `""` is the empty text. A leading apostrophe, which keeps a
 * spreadsheet from running what is a text, is taken off; see `csvCell`.
 */
export function csvCells(line: string): readonly (string | null)[] | null {
  const cells: (string | null)[] = [];
  let from = 0;
  for (;;) {
    if (line[from] === '"') {
      const end = closingQuote(line, from + 1);
      if (end === -1) return null;
      cells.push(bare(line.slice(from + 1, end).replaceAll('""', '"')));
      from = end + 1;
    } else {
      const comma = line.indexOf(",", from);
      const end = comma === -1 ? line.length : comma;
      const text = line.slice(from, end);
      cells.push(text === "" ? null : bare(text));
      from = end;
    }
    if (from === line.length) return cells;
    if (line[from] !== ",") return null;
    from += 1;
  }
}

/** A cell that `csvCells` reads as the same text. */
export function csvCell(text: string | null): string {
  if (text === null) return "";
  let cell = text;
  if (/[\r\n]/.test(text)) cell = `'${JSON.stringify(text)}`;
  else if (RISKY.test(text)) cell = `'${text}`;
  return cell === "" || /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** What a spreadsheet would take for a formula, and what we would take for our own mark. */
const RISKY = /^[=+\-@\t']/;

function closingQuote(line: string, from: number): number {
  let at = line.indexOf('"', from);
  while (at !== -1 && line[at + 1] === '"') at = line.indexOf('"', at + 2);
  return at;
}

function bare(cell: string): string {
  if (!cell.startsWith("'")) return cell;
  if (!cell.startsWith(`'"`)) return cell.slice(1);
  try {
    return String(JSON.parse(cell.slice(1)));
  } catch {
    return cell.slice(1);
  }
}
