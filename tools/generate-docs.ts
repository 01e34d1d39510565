/** Writes the generated parts of the pages anew. The docs check fails until this was run. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT, readText } from "./checkout.ts";
import { GENERATED_SECTIONS, withSection } from "./docs/generated-sections.ts";

for (const { page, name, render } of GENERATED_SECTIONS) {
  writeFileSync(join(CHECKOUT, page), withSection(readText(page), name, render()));
}
