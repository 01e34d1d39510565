import { expect, test } from "vitest";
import { renderConfigReference } from "./config-reference.ts";
import { FULL_CONFIG, FULL_ENVIRONMENT, loadText } from "../../src/config/sample-config.fixture.ts";

test("every setting that can be printed is explained", () => {
  const reference = renderConfigReference();
  const result = loadText(FULL_CONFIG, { env: FULL_ENVIRONMENT });
  const paths = result.ok ? result.value.provenance.map(({ path }) => path) : [];
  expect(paths.length).toBeGreaterThan(60);
  const generic = paths.map((path) =>
    path.replace(/^providers\.[^.]+/, "providers.<name>").replaceAll(/\[\d+\]/g, "[]"),
  );
  const missing = generic.filter((path) => {
    const place = path.replace(/(allowedHosts|rules|routes)\[\]$/, "$1");
    return !reference.includes(`- \`${place}\``);
  });
  expect(missing).toEqual([]);
});

test("every setting has a kind and a meaning", () => {
  const entries = renderConfigReference()
    .split("\n")
    .filter((line) => line.startsWith("- `") && line.includes("): "));
  expect(entries.length).toBeGreaterThan(55);
  expect(entries.filter((line) => !/^- `[^`]+` \([^)]+.*\): \S.*\.$/.test(line))).toEqual([]);
});
