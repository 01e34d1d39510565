import { renderCliReference } from "./cli-reference.ts";
import { renderConfigReference } from "./config-reference.ts";
import { renderJsonSchema } from "../../src/config/json-schema.ts";

/** A file that `npm run docs:generate` writes as a whole. */
export interface GeneratedFile {
  readonly path: string;
  readonly render: () => string;
}

export const GENERATED_FILES: readonly GeneratedFile[] = [
  { path: "docs/cli.md", render: renderCliReference },
  { path: "docs/configuration.md", render: renderConfigReference },
  { path: "schema/leadsman.schema.json", render: renderJsonSchema },
];
