import type { Evidence, Outcomes } from "../../ledger/records/evidence.ts";
import type { JsonObject, JsonValue } from "../../support/json.ts";
import { csvCell, csvCells } from "./csv-cells.ts";
import { EVIDENCE_FORMAT, EVIDENCE_MEMBERS } from "./evidence-row.ts";

/** First line of a file of evidence as CSV, by which it is known. */
export function evidenceCsvHeading(): string {
  return COLUMNS.map(({ name }) => name).join(",");
}

/** Evidence as a line without its end. Nothing is lost but the bodies, which do not fit. */
export function evidenceCsvLine(evidence: Evidence): string {
  return COLUMNS.map(({ cellOf }) => csvCell(cellOf(evidence))).join(",");
}

/** The row as `readEvidenceRow` wants it; null when the cells are not as many as the columns. */
export function evidenceCsvRow(line: string): JsonObject | null {
  const cells = csvCells(line);
  if (cells?.length !== COLUMNS.length) return null;
  const row: Record<string, JsonValue> = { format: EVIDENCE_FORMAT };
  const outcomes: Record<string, Record<string, JsonValue>> = { cheap: {}, deep: {} };
  for (const [index, column] of COLUMNS.entries()) {
    const value = column.read(cells[index] ?? null);
    const { side } = column;
    if (side === null) row[column.member] = value;
    else outcomes[side] = { ...outcomes[side], [column.member]: value };
  }
  return { ...row, ...outcomes };
}

type Cell = string | null;

type PlainMember = Exclude<(typeof EVIDENCE_MEMBERS)[number], "cheap" | "deep">;

interface Column {
  readonly name: string;
  readonly member: string;
  readonly side: "cheap" | "deep" | null;
  readonly cellOf: (evidence: Evidence) => Cell;
  readonly read: (cell: Cell) => JsonValue;
}

const NUMBERS: readonly string[] = [
  ...["tier", "deepTier", "createdAtMs", "propensity", "confidence"],
  ...["cheapLatencyMs", "deepLatencyMs"],
];

const GRADERS = ["label", "human", "judge"] as const satisfies readonly (keyof Outcomes)[];

const COLUMNS: readonly Column[] = EVIDENCE_MEMBERS.flatMap((member): readonly Column[] => {
  if (member === "cheap" || member === "deep") {
    return GRADERS.map((grader) => ({
      name: `${member}_${grader}`,
      member: grader,
      side: member,
      cellOf: (evidence) => evidence[member][grader],
      read: (cell) => cell,
    }));
  }
  const name = member.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return [
    {
      name,
      member,
      side: null,
      cellOf: (evidence) => plain(evidence[member]),
      read: readerOf(member),
    },
  ];
});

function plain(value: Evidence[PlainMember]): Cell {
  if (value === null || typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function readerOf(member: string): (cell: Cell) => JsonValue {
  if (NUMBERS.includes(member)) return (cell) => (cell === null ? null : Number(cell));
  if (member === "inputClasses") return readTexts;
  if (member === "differs") {
    return (cell) => (cell === "true" ? true : cell === "false" ? false : cell);
  }
  return (cell) => cell;
}

function readTexts(cell: Cell): JsonValue {
  try {
    return JSON.parse(cell ?? "null") as JsonValue;
  } catch {
    return null;
  }
}
