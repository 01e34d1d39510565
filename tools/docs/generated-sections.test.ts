import { expect, test } from "vitest";
import { withSection } from "./generated-sections.ts";

const begin = "<!-- generated: rooms (npm run docs:generate) -->";
const end = "<!-- end of generated: rooms -->";

test("a section is replaced between its markers, as often as one likes", () => {
  const page = `# Title\n\n${begin}\nold\n${end}\n\nAfter.\n`;
  const written = withSection(page, "rooms", "new");
  expect(written).toBe(`# Title\n\n${begin}\nnew\n${end}\n\nAfter.\n`);
  expect(withSection(written, "rooms", "new")).toBe(written);
});

test.each(["", begin, `${end}\n${begin}`])("a page without both markers is an error", (page) => {
  expect(() => withSection(page, "rooms", "new")).toThrow(/Wanted a page with/);
});
