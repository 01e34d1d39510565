import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLedger } from "../../compose/open-ledger.ts";
import { systemClock } from "../../support/clock.ts";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";

let folder: FakeFolder;
beforeEach(async () => {
  folder = createFakeFolder({ routes: [{ name: "support", tiers: ["haiku", "opus"] }] });
  for (const name of ["old", "new"]) {
    const rows = [1, 2, 3].map((row) =>
      JSON.stringify({
        id: `${name}-${String(row)}`,
        input: `May parcel ${String(row)} be sent back?`,
        cheap: { model: "haiku", answer: "Yes.", confidence: 0.9, correct: row !== 2 },
        deep: { model: "opus", answer: "Yes, within a month.", correct: true },
      }),
    );
    writeFileSync(join(folder.path, `${name}.jsonl`), rows.join("\n"));
    expect(await folder.run(["import", `${name}.jsonl`])).toMatchObject({ exitCode: 0 });
  }
});
afterEach(() => {
  folder.remove();
});

async function items(): Promise<Readonly<Record<string, number>>> {
  const url = `sqlite:${join(folder.path, "ledger.db")}`;
  const ledger = await openLedger({ url, spillBytes: 1e8 }, systemClock);
  const sizes = await Promise.all(["old", "new"].map((name) => ledger.datasetSize(name)));
  await ledger.close();
  return { old: sizes[0]?.items ?? 0, new: sizes[1]?.items ?? 0 };
}

test("--dry-run counts and deletes nothing", async () => {
  expect(await folder.run(["purge", "--dataset", "old", "--dry-run"])).toMatchObject({
    exitCode: 0,
    out: "Would delete 3 items of data set old, with their verdicts and 9 texts.\n",
  });
  expect(await items()).toEqual({ old: 3, new: 3 });
});

test("--yes deletes the data set and leaves the others", async () => {
  expect(await folder.run(["purge", "--dataset", "old", "--yes"])).toMatchObject({
    exitCode: 0,
    out: "Deleted 3 items of data set old, with their verdicts and 9 texts.\n",
  });
  expect(await items()).toEqual({ old: 0, new: 3 });
});

test.each([["--yes"], ["--dry-run"]])(
  "a data set that is not there is a slip: %s",
  async (flag) => {
    const run = await folder.run(["purge", "--dataset", "odl", flag]);
    expect(run).toMatchObject({ exitCode: 2, out: "" });
    expect(run.notes).toContain(
      'There is no data set "odl". Did you mean "old"? Data sets: new, old.\n(dataset_unknown)',
    );
    expect(await items()).toEqual({ old: 3, new: 3 });
  },
);

test("asks, and deletes only for a whole yes", async () => {
  const refused = await folder.run(["purge", "--dataset", "old"], { canAsk: true, input: ["y"] });
  expect(refused).toMatchObject({ exitCode: 1, out: "" });
  expect(refused.notes).toContain("Nothing was deleted.");
  const cut = await folder.run(["purge", "--dataset", "old"], { canAsk: true, input: [] });
  expect(cut).toMatchObject({ exitCode: 1, out: "" });
  expect(await items()).toEqual({ old: 3, new: 3 });
  const agreed = await folder.run(["purge", "--dataset", "old"], { canAsk: true, input: ["yes"] });
  expect(agreed).toMatchObject({ exitCode: 0 });
  expect(agreed.notes).toContain("To be deleted: 3 items of data set old");
  expect(await items()).toEqual({ old: 0, new: 3 });
});

test("where nobody can be asked it deletes nothing and says what to add", async () => {
  const run = await folder.run(["purge", "--dataset", "old"]);
  expect(run).toMatchObject({ exitCode: 1, out: "" });
  expect(run.notes).toContain("--yes");
  expect(await items()).toEqual({ old: 3, new: 3 });
});

test("texts go by age alone; items stay", async () => {
  const none = await folder.run(["purge", "--bodies-before", "1d", "--yes"]);
  expect(none.out).toMatch(/^Deleted 0 texts stored before /);
  const all = await folder.run(["purge", "--bodies-before", "2999-01-01", "--yes", "--json"]);
  expect(JSON.parse(all.out)).toEqual({ isDryRun: false, oldBodies: 18, dataset: null });
  expect(await items()).toEqual({ old: 3, new: 3 });
});

test("it has to be said what goes", async () => {
  const run = await folder.run(["purge", "--yes"]);
  expect(run).toMatchObject({ exitCode: 2, out: "" });
  expect(run.notes).toContain("--bodies-before");
});
