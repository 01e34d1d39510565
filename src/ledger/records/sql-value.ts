/** What a column can hold on the way to an engine. Flags are 0 or 1, money is a string of digits. */
export type SqlValue = string | number | null;

/** The values of one row in the order of its column list. */
export type SqlRow = readonly SqlValue[];

/** `?, ?, ?` for a column list; engines that number their parameters make their own. */
export function placeholders(columns: readonly string[]): string {
  return columns.map(() => "?").join(", ");
}

export function flag(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}

/** Money as digits: JSON and some drivers have no wide integers. */
export function digits(value: bigint | null): string | null {
  return value === null ? null : value.toString();
}

/** A list as JSON; the frequent empty one costs nothing. */
export function jsonList(values: readonly unknown[]): string | null {
  return values.length === 0 ? null : JSON.stringify(values);
}
