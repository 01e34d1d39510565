import { LeadsmanError } from "../../support/leadsman-error.ts";

/** A row as a driver returns it, by column name. */
export type StoredRow = Readonly<Record<string, unknown>>;

/**
 * Reads typed values out of a row. Integers may come as number, bigint or digits, as drivers differ.
 * Every method throws `ledger_corrupt` when the column holds something else.
 */
export interface RowReader {
  text(column: string): string;
  textOrNull(column: string): string | null;
  number(column: string): number;
  numberOrNull(column: string): number | null;
  money(column: string): bigint;
  moneyOrNull(column: string): bigint | null;
  flag(column: string): boolean;
  /**
   * A word of a closed vocabulary. It is not compared with the vocabulary: only typed records are
   * written, and a later release that shares the store may have added a word.
   */
  word<Word extends string>(column: string): Word;
  wordOrNull<Word extends string>(column: string): Word | null;
  /** A list kept as JSON; null in the column is the empty list. */
  list<Item>(column: string, readItem: (item: unknown) => Item | undefined): readonly Item[];
  /** Any JSON value, as `read` understands it. */
  json<Value>(column: string, read: (value: unknown) => Value | undefined): Value;
}

export function createRowReader(row: StoredRow): RowReader {
  const present = (column: string): boolean => row[column] !== null && row[column] !== undefined;
  const text = (column: string): string => {
    const value = row[column];
    return typeof value === "string" ? value : corrupt(column, "a text");
  };
  const number = (column: string): number => {
    const value = Number(present(column) ? row[column] : Number.NaN);
    return Number.isFinite(value) ? value : corrupt(column, "a number");
  };
  const money = (column: string): bigint => {
    const value = row[column];
    if (typeof value === "bigint") return value;
    if (typeof value === "string" || typeof value === "number") return BigInt(value);
    return corrupt(column, "an amount of money");
  };
  const word = <Word extends string>(column: string): Word => text(column) as Word;
  const json = <Value>(
    column: string,
    read: (value: unknown) => Value | undefined,
    absent = "null",
  ): Value => {
    const value: unknown = parseJson(present(column) ? text(column) : absent);
    return read(value) ?? corrupt(column, "JSON of its kind");
  };
  return {
    text,
    number,
    money,
    word,
    json: (column, read) => json(column, read),
    textOrNull: (column) => (present(column) ? text(column) : null),
    numberOrNull: (column) => (present(column) ? number(column) : null),
    moneyOrNull: (column) => (present(column) ? money(column) : null),
    wordOrNull: <Word extends string>(column: string) =>
      present(column) ? word<Word>(column) : null,
    flag: (column) => number(column) !== 0,
    list: (column, readItem) => json(column, (value) => readList(value, readItem), "[]"),
  };
}

function readList<Item>(
  value: unknown,
  readItem: (item: unknown) => Item | undefined,
): readonly Item[] | undefined {
  if (!isArray(value)) return undefined;
  const items: Item[] = [];
  for (const element of value) {
    const item = readItem(element);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

/** `Array.isArray` without its `any`. */
export function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function corrupt(column: string, wanted: string): never {
  throw new LeadsmanError("ledger_corrupt", `Column ${column} should hold ${wanted}.`);
}
