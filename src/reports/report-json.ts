/** Names of reports, as their JSON says them. */
export type ReportName =
  "status" | "receipt" | "demo" | "savings" | "report" | "experiment" | "import" | "tune" | "check";

/** Grows when a member is renamed, removed or changes its meaning; not when one is added. */
const FORMAT_VERSION = 1;

/**
 * A report as JSON, on one line unless told otherwise: `report` and `version` first, then the report's own members.
 * Amounts of money are strings of digits (nano-dollars), so that no reader rounds them.
 */
export function reportJson(name: ReportName, report: object, indent = 0): string {
  const named = { report: name, version: FORMAT_VERSION, ...report };
  return JSON.stringify(named, bigintAsDigits, indent);
}

function bigintAsDigits(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
