import { METRIC_LIST } from "../../src/telemetry/metric-names.ts";
import { ATTRIBUTES } from "../../src/telemetry/span-names.ts";

/** Every metric of our own, as docs/telemetry.md shows it. */
export function renderMetricTable(): string {
  const rows = METRIC_LIST.map(({ name, kind, labels, help }) => {
    const named = labels.map((label) => `\`${label}\``).join(", ");
    return `| \`${name}\` | ${kind} | ${named === "" ? "–" : named} | ${help} |`;
  });
  return ["| metric | kind | labels | meaning |", "|---|---|---|---|", ...rows].join("\n");
}

/** Every attribute of spans. */
export function renderAttributeList(): string {
  return Object.values(ATTRIBUTES)
    .map((name) => `\`${name}\``)
    .join(" · ");
}
