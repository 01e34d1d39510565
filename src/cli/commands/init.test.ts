import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";

let folder: FakeFolder;
beforeEach(() => {
  folder = createFakeFolder(null);
});
afterEach(() => {
  folder.remove();
});

test("writes a configuration without problems, and says the one line to change", async () => {
  const run = await folder.run(["init", "--yes"]);
  expect(run).toMatchObject({ exitCode: 0, out: "Wrote leadsman.yaml.\n" });
  expect(run.notes).toContain("export ANTHROPIC_BASE_URL=http://127.0.0.1:8787");
  expect(await folder.run(["config", "check"])).toMatchObject({ exitCode: 0 });
});

test("asks nothing where nobody can answer", async () => {
  expect(await folder.run(["init"], { canAsk: false })).toMatchObject({ exitCode: 0 });
});

test("leaves a file alone unless it is forced", async () => {
  const path = join(folder.path, "leadsman.yaml");
  writeFileSync(path, "mine\n");
  const refused = await folder.run(["init", "--yes"]);
  expect(refused).toMatchObject({ exitCode: 1, out: "" });
  expect(readFileSync(path, "utf8")).toBe("mine\n");
  expect(await folder.run(["init", "--yes", "--force"])).toMatchObject({ exitCode: 0 });
  expect(readFileSync(path, "utf8")).toContain("version: 1");
});

test("writes the file of --config", async () => {
  const run = await folder.run(["init", "--yes", "--config", "staging.yaml", "--json"]);
  expect(JSON.parse(run.out)).toEqual({ file: "staging.yaml" });
  expect(await folder.run(["config", "check", "--config", "staging.yaml"])).toMatchObject({
    exitCode: 0,
  });
});
