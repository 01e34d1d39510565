import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLedger } from "../../compose/open-ledger.ts";
import { systemClock } from "../../support/clock.ts";
import { createFakeIo } from "../fake-io.fixture.ts";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";
import { runCommandLine } from "../main.ts";

/** The command line in a process of its own. */
const IMPORTER = `
import { main } from ${JSON.stringify(new URL("../main.ts", import.meta.url).href)};
process.exitCode = await main(["import", "rows.jsonl"]);
`;

let folder: FakeFolder;
beforeEach(() => {
  folder = createFakeFolder({});
});
afterEach(() => {
  folder.remove();
});

function file(name: string, rows: readonly (object | string)[]): void {
  const lines = rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row)));
  writeFileSync(join(folder.path, name), lines.join("\n"));
}

function row(id: string, correct: boolean | null, cheap: object = {}): object {
  return { id, input: "Is it?", cheap: { answer: "yes", confidence: 0.9, correct, ...cheap } };
}

async function stored() {
  const url = `sqlite:${join(folder.path, "ledger.db")}`;
  const ledger = await openLedger({ url, spillBytes: 1e8 }, systemClock);
  try {
    return (await ledger.evidence({}, 1_000)).rows;
  } finally {
    await ledger.close();
  }
}

test("rows are in the ledger once, however often they are imported", async () => {
  file("week-47.jsonl", [row("a", true), row("b", false)]);
  const first = await folder.run(["import", "week-47.jsonl", "--task", "reply"]);
  expect(first).toMatchObject({
    exitCode: 0,
    out: "Read 2 rows, added 2 items to data set week-47 of route default.\n",
  });
  const again = await folder.run(["--json", "import", "week-47.jsonl"]);
  expect(again.exitCode).toBe(0);
  expect(JSON.parse(again.out)).toMatchObject({ rows: 2, added: 0, known: 2, labelsAdded: 0 });
  const facts = { dataset: "week-47", task: "reply", source: "import", decision: "imported" };
  const evidence = await stored();
  expect(evidence).toHaveLength(2);
  for (const one of evidence) expect(one).toMatchObject(facts);
});

test("labels that contradict each other leave the answer disputed, and are told once", async () => {
  file("one.jsonl", [row("a", true), row("b", null), row("c", true)]);
  file("two.jsonl", [row("a", false), row("b", true), row("a", false), row("b", true)]);
  await folder.run(["import", "one.jsonl"]);
  const second = await folder.run(["--json", "import", "two.jsonl"]);
  expect(JSON.parse(second.out)).toMatchObject({ added: 0, labelsAdded: 1, labelsDisputed: 1 });
  const labels = (await stored()).map(({ cheap }) => cheap.label);
  expect([...labels].sort()).toEqual(["disputed", "right", "right"]);
  const third = await folder.run(["--json", "import", "two.jsonl", "one.jsonl"]);
  expect(JSON.parse(third.out)).toMatchObject({ labelsAdded: 0, labelsDisputed: 0 });
});

test("refused rows are told with their line, the others go in", async () => {
  file("rows.jsonl", [row("a", true), "{", row("b", true, { cost: 1 })]);
  const { exitCode, out, notes } = await folder.run(["import", "rows.jsonl"]);
  expect(exitCode).toBe(1);
  expect(out).toContain("added 1 item to");
  expect(out).toContain("2 were refused");
  expect(notes).toContain("rows.jsonl:2 is no JSON (not_json)");
  expect(notes).toContain("rows.jsonl:3 ");
  expect(await stored()).toHaveLength(1);
});

test.each([
  [["import", "gone.jsonl"], "file_missing"],
  [["import", "gone.jsonl", "--route", "defalt"], "route_unknown"],
])("%j is a mistake of use", async (argv, code) => {
  const run = await folder.run(argv);
  expect(run).toMatchObject({ exitCode: 2, out: "" });
  expect(run.notes).toContain(`(${code})`);
});

test("no prompts and answers are kept when none are wanted", async () => {
  file("rows.jsonl", [row("a", true)]);
  await folder.run(["import", "rows.jsonl", "--no-bodies"]);
  const url = `sqlite:${join(folder.path, "ledger.db")}`;
  const ledger = await openLedger({ url, spillBytes: 1e8 }, systemClock);
  const [one] = (await ledger.evidence({}, 1)).rows;
  expect(await ledger.body(one?.itemId ?? "", "request")).toBeNull();
  await ledger.close();
});

test("an interrupted import keeps nothing and says so", async () => {
  file("rows.jsonl", [row("a", true)]);
  const stopped = createFakeIo({ workingDirectory: folder.path });
  stopped.interrupt();
  expect(await runCommandLine(["import", "rows.jsonl"], stopped.io)).toBe(130);
  expect(await stored()).toEqual([]);
});

test("a process killed in the middle leaves nothing behind, and the import can be repeated", async () => {
  const text = "word ".repeat(60);
  file(
    "rows.jsonl",
    Array.from({ length: 30_000 }, (_, index) => row(`r${index}`, true, { answer: text })),
  );
  const child = spawn(process.execPath, ["--input-type=module", "--eval", IMPORTER], {
    cwd: folder.path,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exit = once(child, "exit");
  // The first quarter has been told, so rows are on their way.
  await once(child.stderr, "data");
  child.kill("SIGKILL");
  expect(await exit).toEqual([null, "SIGKILL"]);
  expect(await stored()).toEqual([]);
  const again = await folder.run(["--json", "import", "rows.jsonl"]);
  expect(JSON.parse(again.out)).toMatchObject({ added: 30_000, known: 0, refused: 0 });
}, 60_000);
