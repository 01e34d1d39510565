import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyEvidence } from "../../datasets/rows/evidence-row.fixture.ts";
import { evidenceLine } from "../../datasets/rows/evidence-row.ts";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";

const BODIES = { request: '{"messages":[]}', ideal: { base64: "/w==" } };

test("an export into an empty ledger exports as the same, and as it came", async () => {
  const items = fc.uniqueArray(anyEvidence(), { selector: ({ itemId }) => itemId, minLength: 1 });
  await fc.assert(
    fc.asyncProperty(items, fc.boolean(), async (evidence, isCsv) => {
      const rows = evidence.map((one) =>
        evidenceLine({
          evidence: { ...one, source: "import", dataset: one.dataset ?? "set" },
          bodies: isCsv ? null : { ...BODIES, [`answer:${one.tier}`]: "größer" },
        }),
      );
      const options = isCsv ? ["--format", "csv"] : ["--bodies"];
      const first = await withFolder(async (folder) => {
        await imported(folder, rows);
        return exported(folder, options);
      });
      const second = await withFolder(async (folder) => {
        await imported(folder, first);
        return exported(folder, options);
      });
      expect([...second].sort()).toEqual([...first].sort());
      expect(first).toHaveLength(evidence.length + Number(isCsv));
      const plain = await withFolder(async (folder) => {
        await imported(folder, first);
        return exported(folder, []);
      });
      const wanted = rows.map((row) => JSON.stringify({ ...JSON.parse(row), bodies: undefined }));
      expect([...plain].sort()).toEqual(wanted.sort());
    }),
    { numRuns: 4 },
  );
}, 60_000);

test("texts come out only when asked for", async () => {
  const row = { id: "a", input: "Is it?", ideal: "no", cheap: { answer: "yes", confidence: 0.9 } };
  const lines = await withFolder(async (folder) => {
    await imported(folder, [JSON.stringify(row)]);
    return [
      ...(await exported(folder, [])),
      ...(await exported(folder, ["--bodies"])),
      ...(await exported(folder, ["--route", "default", "--from", "2000-01-01", "--to", "1h"])),
    ];
  });
  expect(lines).toHaveLength(2);
  expect(lines[0]).not.toContain("Is it?");
  expect(JSON.parse(lines[1] ?? "")).toMatchObject({ bodies: { ideal: "no" } });
});

async function withFolder<Value>(use: (folder: FakeFolder) => Promise<Value>): Promise<Value> {
  const folder = createFakeFolder({});
  try {
    return await use(folder);
  } finally {
    folder.remove();
  }
}

async function imported(folder: FakeFolder, lines: readonly string[]): Promise<void> {
  writeFileSync(join(folder.path, "rows"), lines.join("\n"));
  expect(await folder.run(["import", "rows"])).toMatchObject({ exitCode: 0 });
}

async function exported(
  folder: FakeFolder,
  options: readonly string[],
): Promise<readonly string[]> {
  const run = await folder.run(["export", "--evidence", ...options]);
  expect(run.exitCode).toBe(0);
  return run.out.split("\n").slice(0, -1);
}
