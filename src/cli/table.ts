import Table from "cli-table3";
import { stripVTControlCharacters } from "node:util";
import type { Paint } from "./paint.ts";

/** One column of a table. */
export interface TableColumn {
  readonly title: string;
  /** Default left; numbers go right. */
  readonly align?: "left" | "right";
}

/**
 * A table without a frame, as lines indented by two: titles, rows, and no blanks at line ends.
 * Cells may be coloured.
 */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): readonly string[] {
  const table = new Table({
    head: columns.map(({ title }) => paint.faint(title)),
    colAligns: columns.map(({ align }) => align ?? "left"),
    chars: NO_FRAME,
    style: { head: [], border: [], "padding-left": 2, "padding-right": 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().split("\n").map(withoutTrailingBlanks);
}

/** Names and values, the names faint and of one width, as lines indented by two. */
export function renderFacts(
  facts: readonly (readonly [name: string, value: string])[],
  paint: Paint,
): readonly string[] {
  const width = Math.max(0, ...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `  ${paint.faint(name.padEnd(width))}  ${value}`);
}

const NO_FRAME = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "" },
  ...{ right: "", "right-mid": "", middle: "" },
};

/** Colours may stand behind the blanks; a line without any is plain text. */
function withoutTrailingBlanks(line: string): string {
  return stripVTControlCharacters(line) === line ? line.trimEnd() : line;
}
