import type { JsonValue } from "../support/json.ts";
import type { LoadedConfig } from "./load-config.ts";

/** Every setting on a line with its value and where that came from; secrets are masked. */
export function printConfig(loaded: LoadedConfig): string {
  const rows = loaded.provenance.map(({ path, shown, from }) => [path, showValue(shown), from]);
  const widths = [0, 1].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0).filter((width) => width <= 48)),
  );
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

function showValue(value: JsonValue): string {
  if (value === null) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}
