import type { RequestFilter } from "../ledger.ts";

/**
 * The `WHERE` of a sum, or nothing.
 *
 * @param startOf start of the whole hour or day that a sum is kept by; an hour or day counts when
 * any part of it is in the filter's time
 */
export function whereOf(
  filter: RequestFilter,
  timeColumn: string,
  startOf: (epochMs: number) => number = (epochMs) => epochMs,
): { readonly where: string; readonly values: readonly (string | number)[] } {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  if (filter.fromMs !== undefined) {
    conditions.push(`${timeColumn} >= ?`);
    values.push(startOf(filter.fromMs));
  }
  if (filter.toMs !== undefined) {
    conditions.push(`${timeColumn} < ?`);
    values.push(filter.toMs);
  }
  if (filter.route !== undefined) {
    conditions.push("route = ?");
    values.push(filter.route);
  }
  return { where: conditions.length > 0 ? `WHERE ${conditions.join(" AND ")} ` : "", values };
}
