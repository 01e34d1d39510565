import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLedger } from "../../compose/open-ledger.ts";
import { systemClock } from "../../support/clock.ts";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";

let folder: FakeFolder;
beforeEach(() => {
  const tiers = [{ model: "claude-haiku-4-5", threshold: 0.6 }, "claude-opus-4-7"];
  folder = createFakeFolder({ routes: [{ name: "support", tiers, mode: "shadow" }] });
});
afterEach(() => {
  folder.remove();
});

type OpenedLedger = Awaited<ReturnType<typeof openLedger>>;

async function withLedger<Value>(use: (ledger: OpenedLedger) => Promise<Value>): Promise<Value> {
  const url = `sqlite:${join(folder.path, "ledger.db")}`;
  const ledger = await openLedger({ url, spillBytes: 10_000_000 }, systemClock);
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

/** Imports rows; what is not said of the cheap side is right enough. */
async function fillWith(cheapSides: readonly object[]): Promise<void> {
  const rows = cheapSides.map((cheap, index) => ({
    id: String(index),
    input: `Question ${index}?`,
    cheap: { model: "claude-haiku-4-5", answer: `small ${index}`, confidence: 0.6, ...cheap },
    deep: { model: "claude-opus-4-7", answer: `large ${index}` },
  }));
  writeFileSync(join(folder.path, "rows.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
  await folder.run(["import", "rows.jsonl"]);
}

/** Confidence 0.9 for even rows and 0.6 for odd ones. */
const fill = (count: number) =>
  fillWith(
    Array.from({ length: count }, (_, index) => ({ confidence: index % 2 === 0 ? 0.9 : 0.6 })),
  );

const humanGrades = () =>
  withLedger(async (ledger) => (await ledger.gradesBy("human", 1_000)).rows.toReversed());

/** Confidences of what was graded. */
const gradedConfidences = () =>
  withLedger(async (ledger) => {
    const { rows } = await ledger.evidence({}, 1_000);
    return rows.flatMap(({ cheap, confidence }) => (cheap.human === null ? [] : [confidence]));
  });

const AT_TERMINAL = { canAsk: true, variables: { USER: "ada" } };

test("keys at a terminal become grades, and the models are told only afterwards", async () => {
  await fill(4);
  const run = await folder.run(["grade", "support"], {
    ...AT_TERMINAL,
    input: ["x", "3", "4", "s"],
  });
  expect(run.exitCode).toBe(130);
  const [beforeFirst, afterFirst] = run.out.split(/right: /);
  expect(beforeFirst).toMatch(/1 of 4 .*route support/);
  expect(beforeFirst).not.toMatch(/haiku|opus|confidence/);
  expect(afterFirst).toContain("claude-");
  expect(run.out).toContain("3 answered, 1 left.");
  const grades = await humanGrades();
  expect(grades.map(({ grader }) => grader)).toEqual(Array.from({ length: 6 }, () => "ada"));
  expect(grades.map(({ outcome }) => outcome)).toEqual([
    ...["right", "right", "wrong", "wrong", "cannot_tell", "cannot_tell"],
  ]);
});

test("a note goes with the next verdict, u takes a verdict back, v shows all, q ends", async () => {
  await fill(3);
  const input = ["n", "odd wording", "3", "u", "v", "4", "q"];
  const run = await folder.run(["grade"], { ...AT_TERMINAL, input });
  expect(run).toMatchObject({ exitCode: 0, out: expect.stringContaining("1 answered, 2 left.") });
  const grades = await humanGrades();
  expect(
    grades.map(({ outcome, note, retractedAtMs }) => [outcome, note, retractedAtMs === null]),
  ).toEqual([
    ["right", "odd wording", false],
    ["right", "odd wording", false],
    ["wrong", null, true],
    ["wrong", null, true],
  ]);
});

test("lines in plain mode say what keys say, and what is none is asked again", async () => {
  await fill(3);
  const input = ["", "7", "both  as good as each other", "NEITHER", "q"];
  const argv = ["grade", "--plain", "--grader", "bob", "--count", "9"];
  const run = await folder.run(argv, { input });
  expect(run.exitCode).toBe(0);
  expect(run.notes).toContain("Wanted one of 1, 2, 3, 4, s, u or q.");
  const grades = await humanGrades();
  expect(grades.map(({ outcome, note }) => [outcome, note])).toEqual([
    ["right", "as good as each other"],
    ["right", "as good as each other"],
    ["wrong", null],
    ["wrong", null],
  ]);
});

test("with --json a card, a reveal and a summary are lines of their own", async () => {
  await fill(2);
  const input = ['{"verdict":"first","note":"n"}', "2"];
  const run = await folder.run(["--json", "grade"], { input });
  const lines = run.out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { kind: string; card?: { answers: string[] } });
  expect(lines.map(({ kind }) => kind)).toEqual(["card", "reveal", "card", "reveal", "summary"]);
  expect(lines[0]?.card?.answers).toHaveLength(2);
  expect(lines.at(-1)).toMatchObject({ given: 2, repeats: 0, left: 0, end: "nothing_left" });
  expect((await humanGrades())[0]).toMatchObject({ grader: "operator", note: "n" });
});

test("--from-confidence offers those answers alone, up to --count", async () => {
  await fill(6);
  const argv = ["grade", "--plain", "--from-confidence", "0.9"];
  const run = await folder.run(argv, { input: ["3", "3", "3", "3"] });
  expect(run.out).toContain("3 answered, 0 left.");
  expect(await gradedConfidences()).toEqual([0.9, 0.9, 0.9]);
  await folder.run(["grade", "--plain", "--count", "1"], { input: ["3", "3", "3"] });
  expect(await gradedConfidences()).toHaveLength(4);
});

test("what models write cannot steer the terminal", async () => {
  const answer = "\u001B[2J\u001B]0;owned\u0007 gone\nnext line\u202E";
  await fillWith([{ answer }]);
  const run = await folder.run(["grade", "--plain"], { input: ["q"] });
  expect(run.out).toContain("gone\n    next line");
  expect(run.out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202E]/u);
});

test.each([
  [["grade"], /wants a terminal and found none/, 2],
  [["grade", "nowhere", "--plain"], /There is no route "nowhere"/, 2],
  [["grade", "--plain", "--grader", "x".repeat(65)], /at most 64 characters/, 2],
] as const)("%j is refused", async (argv, sentence, exitCode) => {
  await fill(1);
  expect(await folder.run(argv)).toMatchObject({
    exitCode,
    notes: expect.stringMatching(sentence),
  });
});

test("with nothing to grade it says why and what to do", async () => {
  await fill(0);
  const none = await folder.run(["grade", "--plain"]);
  expect(none).toMatchObject({ exitCode: 4, out: expect.stringContaining("sampling.grade") });
  await fillWith([{ correct: true }]);
  const all = await folder.run(["--json", "grade", "support"]);
  expect(all.exitCode).toBe(0);
  expect(JSON.parse(all.out)).toMatchObject({ nothing: { reason: "all_graded" } });
});
