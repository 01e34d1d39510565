import { renderCliReference } from "./cli-reference.ts";
import { renderConfigReference } from "./config-reference.ts";
import { renderExamplePlot } from "./example-plots.ts";
import { renderJsonSchema } from "../../src/config/json-schema.ts";

/** A file that `npm run docs:generate` writes as a whole. */
export interface GeneratedFile {
  readonly path: string;
  readonly render: () => string;
}

export const GENERATED_FILES: readonly GeneratedFile[] = [
  { path: "docs/cli.md", render: renderCliReference },
  { path: "docs/configuration.md", render: renderConfigReference },
  { path: "docs/plots/reliability.svg", render: () => renderExamplePlot("reliability") },
  { path: "docs/plots/risk-coverage.svg", render: () => renderExamplePlot("risk_coverage") },
  { path: "docs/plots/cost-risk.svg", render: () => renderExamplePlot("cost_risk") },
  { path: "schema/leadsman.schema.json", render: renderJsonSchema },
];
