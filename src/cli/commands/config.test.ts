import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";

let folder: FakeFolder;
beforeAll(() => {
  folder = createFakeFolder(null);
  writeFileSync(
    join(folder.path, "leadsman.yaml"),
    `version: 1
server: { token: "\${LEADSMAN_TOKEN}" }
routes:
  - name: support
    tiers: [claude-haiku-4-5, claude-opus-4-7]
    mode: live
`,
  );
  writeFileSync(
    join(folder.path, "wrong.yaml"),
    `version: 1
routes:
  - name: support
    tiers: [claude-haiku-4-5, claude-opus-4-7]
    treshold: 0.9
    mode: sometimes
`,
  );
});
afterAll(() => {
  folder.remove();
});

const variables = { LEADSMAN_TOKEN: "very-secret-token" };

test("check says that all is well, and what may surprise", async () => {
  const run = await folder.run(["config", "check"], { variables });
  expect(run).toEqual({
    exitCode: 0,
    out: "leadsman.yaml is fine: 1 route.\n",
    notes: expect.stringContaining("note: Route support: it ships before any threshold"),
  });
});

test("check says beforehand that the gateway would refuse a PostgreSQL ledger", async () => {
  const text = 'version: 1\nledger: { url: "postgres://db.internal/leadsman" }\n';
  writeFileSync(join(folder.path, "postgres.yaml"), text);
  const run = await folder.run(["config", "check", "--config", "postgres.yaml"]);
  expect(run.exitCode).toBe(0);
  expect(run.notes).toContain("the gateway will refuse to start. Write sqlite:<path>.");
});

test("check reports every problem with line and nearest name", async () => {
  const run = await folder.run(["config", "check", "--config", "wrong.yaml"]);
  expect(run).toMatchObject({ exitCode: 2, out: "" });
  expect(run.notes).toMatch(/^wrong\.yaml:5:5 .*treshold.*Did you mean "threshold"\?$/m);
  expect(run.notes).toMatch(/^wrong\.yaml:6:\d+ .*mode/m);
});

test("check --json is data in either case", async () => {
  const good = await folder.run(["config", "check", "--json"], { variables });
  const bad = await folder.run(["config", "check", "--json", "--config", "wrong.yaml"]);
  expect(JSON.parse(good.out)).toMatchObject({ isValid: true, file: "leadsman.yaml" });
  expect(JSON.parse(bad.out)).toMatchObject({
    isValid: false,
    problems: [{ line: 5, didYouMean: "threshold" }, { line: 6 }],
  });
  expect(bad.exitCode).toBe(2);
});

test("check without a file says that defaults hold", async () => {
  const empty = createFakeFolder(null);
  const run = await empty.run(["config", "check"]);
  expect(run.out).toBe("There is no leadsman.yaml, so the defaults hold: 1 route.\n");
  empty.remove();
});

test("print shows each value with its origin, and no secret", async () => {
  const plain = await folder.run(["config", "print"], { variables });
  const json = await folder.run(["config", "print", "--json"], { variables });
  expect(plain.out).toMatch(/^server\.port +8787 +default$/m);
  expect(plain.out).toMatch(/^routes\[0\]\.mode +live +leadsman\.yaml:6$/m);
  expect(plain.out + json.out).not.toContain("very-secret-token");
  const printed: { settings: { path: string; value: unknown; from: string }[] } = JSON.parse(
    json.out,
  );
  expect(printed.settings).toContainEqual({ path: "server.port", value: 8787, from: "default" });
});

test("schema is the one that is shipped", async () => {
  const shipped = new URL("../../../schema/leadsman.schema.json", import.meta.url);
  expect((await folder.run(["config", "schema"])).out).toBe(readFileSync(shipped, "utf8"));
});
