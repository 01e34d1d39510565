import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLedger } from "../../compose/open-ledger.ts";
import { systemClock } from "../../support/clock.ts";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";

let folder: FakeFolder;
beforeEach(() => {
  folder = createFakeFolder({});
});
afterEach(() => {
  folder.remove();
});

function file(name: string, lines: readonly (object | string)[]): void {
  const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  writeFileSync(join(folder.path, name), texts.join("\n"));
}

/** Three rows without labels, as data set `week`. */
async function importRows(): Promise<void> {
  const cheap = { answer: "yes", confidence: 0.9 };
  const deep = { answer: "no" };
  file(
    "week.jsonl",
    ["a", "b", "c"].map((id) => ({ id, input: "Is it?", cheap, deep })),
  );
  expect(await folder.run(["import", "week.jsonl"])).toMatchObject({ exitCode: 0 });
}

async function stored() {
  const url = `sqlite:${join(folder.path, "ledger.db")}`;
  const ledger = await openLedger({ url, spillBytes: 1e8 }, systemClock);
  let page = await ledger.evidence({}, 1_000);
  const rows = [...page.rows];
  while (page.next !== null) {
    page = await ledger.evidence({}, 1_000, page.next);
    rows.push(...page.rows);
  }
  await ledger.close();
  return rows.toSorted((one, other) => (one.itemId < other.itemId ? -1 : 1));
}

async function labelsRun(argv: readonly string[]) {
  const { exitCode, out, notes } = await folder.run(["--json", "import", "--labels", ...argv]);
  const report: unknown = JSON.parse(out);
  return { exitCode, notes, report };
}

test("rows of a data set are labelled by their own ids, once", async () => {
  await importRows();
  const rows = [
    { id: "a", correct: true },
    { id: "b", correct: false, grader: "ada" },
    { id: "b", correct: false, tier: "deep" },
  ];
  file("labels.jsonl", rows);
  const argv = ["labels.jsonl", "--dataset", "week"];
  expect(await labelsRun(argv)).toMatchObject({
    exitCode: 0,
    report: { rows: 3, added: 3, known: 0, disputed: 0, undrawn: 0, refused: 0 },
  });
  const before = await stored();
  expect(before.map(({ cheap, deep }) => [cheap.label, deep.label]).toSorted()).toEqual([
    [null, null],
    ["right", null],
    ["wrong", "wrong"],
  ]);
  expect(await labelsRun(argv)).toMatchObject({ exitCode: 0, report: { added: 0, known: 3 } });
  expect(await stored()).toEqual(before);
});

test("labels that contradict each other are kept, and the answer is disputed", async () => {
  await importRows();
  const [item] = await stored();
  const id = item?.itemId;
  file("labels.csv", [
    "item_id,correct,grader",
    `${id},right,ada`,
    `${id},wrong,bob`,
    `${id},right,cleo`,
    `${id},right,ada`,
  ]);
  expect(await labelsRun(["labels.csv"])).toMatchObject({
    exitCode: 0,
    report: { rows: 4, added: 3, known: 1, disputed: 1 },
  });
  const [after] = await stored();
  expect(after?.cheap.label).toBe("disputed");
});

test("what is refused is told with line and reason, and the others are taken", async () => {
  await importRows();
  file("labels.csv", ["id,correct", "a,true", "nobody,true", "b,perhaps", "c", "c,false"]);
  const { exitCode, out, notes } = await folder.run([
    ...["import", "--labels", "labels.csv", "--dataset", "week"],
  ]);
  expect(exitCode).toBe(1);
  expect(out).toContain("Read 5 labels, added 2.");
  expect(out).toContain("1 are about items that the ledger does not hold");
  expect(out).toContain("2 were refused for other reasons");
  expect(notes).toContain(
    "labels.csv:3 is of a row that the data set does not hold (unknown_item)",
  );
  expect(notes).toContain("labels.csv:4 ");
  expect(notes).toContain("labels.csv:5 has other cells than the heading (not_csv)");
});

test("a data set that is not there is a slip, told at once", async () => {
  await importRows();
  file("labels.csv", ["id,correct", "a,true"]);
  const argv = ["import", "--labels", "labels.csv", "--dataset", "weak"];
  const run = await folder.run(argv);
  expect(run).toMatchObject({ exitCode: 2, out: "" });
  expect(run.notes).toContain('There is no data set "weak". Did you mean "week"?');
});

test("an id that several answers have is not guessed at", async () => {
  await importRows();
  file("more.jsonl", [{ id: "a", input: "Is it?", cheap: { answer: "perhaps", confidence: 0.5 } }]);
  await folder.run(["import", "more.jsonl", "--dataset", "week"]);
  file("labels.jsonl", [{ id: "a", correct: true }]);
  const { exitCode, notes } = await labelsRun(["labels.jsonl", "--dataset", "week"]);
  expect(exitCode).toBe(1);
  expect(notes).toContain("(ambiguous_item)");
});

test("labels need a ledger, and take no options that are for rows", async () => {
  file("labels.jsonl", [{ id: "a", correct: true }]);
  const missing = await folder.run(["import", "--labels", "labels.jsonl"]);
  expect(missing).toMatchObject({ exitCode: 1, out: "" });
  expect(missing.notes).toContain("(ledger_missing)");
  for (const option of [["--no-bodies"], ["--task", "reply"]]) {
    const run = await folder.run(["import", "--labels", "labels.jsonl", ...option]);
    expect(run).toMatchObject({ exitCode: 2, out: "" });
    expect(run.notes).toContain("cannot be used with");
  }
});

test("more labels than one batch holds are counted exactly", async () => {
  const cheap = { answer: "yes", confidence: 0.9 };
  const ids = Array.from({ length: 1_202 }, (_, index) => `row ${index}`);
  file(
    "many.jsonl",
    ids.map((id) => ({ id, cheap })),
  );
  await folder.run(["import", "many.jsonl"]);
  file(
    "labels.jsonl",
    [...ids, ...ids.slice(0, 10)].map((id, index) => ({
      id,
      correct: (index % 2 === 0) !== index >= 1_207,
    })),
  );
  expect(await labelsRun(["labels.jsonl", "--dataset", "many"])).toMatchObject({
    report: { rows: 1_212, added: 1_207, known: 5, disputed: 5 },
  });
  const outcomes = (await stored()).map(({ cheap: { label } }) => label);
  expect(outcomes.filter((label) => label === "disputed")).toHaveLength(5);
  expect(outcomes.filter((label) => label === null)).toHaveLength(0);
});
