import { renderRoomTable } from "../architecture.ts";
import { renderAttributeList, renderMetricTable } from "./metric-table.ts";
import { renderDatasetFields, renderLabelFields } from "./dataset-fields.ts";

/** A part of a page that is written by `npm run docs:generate`, between two markers. */
export interface GeneratedSection {
  readonly page: string;
  readonly name: string;
  readonly render: () => string;
}

export const GENERATED_SECTIONS: readonly GeneratedSection[] = [
  { page: "ARCHITECTURE.md", name: "rooms", render: () => renderRoomTable() },
  { page: "docs/datasets.md", name: "fields", render: () => renderDatasetFields() },
  { page: "docs/datasets.md", name: "labels", render: () => renderLabelFields() },
  { page: "docs/telemetry.md", name: "metrics", render: () => renderMetricTable() },
  { page: "docs/telemetry.md", name: "attributes", render: () => renderAttributeList() },
];

/** The page with the section replaced. Throws when the page lacks the markers. */
export function withSection(page: string, name: string, content: string): string {
  const begin = `<!-- generated: ${name} (npm run docs:generate) -->`;
  const end = `<!-- end of generated: ${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) throw new Error(`Wanted a page with "${begin}" and "${end}"`);
  return `${page.slice(0, from + begin.length)}\n${content}\n${page.slice(to)}`;
}
