/** Writes the generated pages and parts of pages anew. The docs check fails until this was run. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT, readText } from "./checkout.ts";
import { GENERATED_FILES } from "./docs/generated-files.ts";
import { GENERATED_SECTIONS, withSection } from "./docs/generated-sections.ts";

for (const { path, render } of GENERATED_FILES) writeFileSync(join(CHECKOUT, path), render());

for (const { page, name, render } of GENERATED_SECTIONS) {
  writeFileSync(join(CHECKOUT, page), withSection(readText(page), name, render()));
}
