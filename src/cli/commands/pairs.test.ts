import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";

let folder: FakeFolder;
beforeEach(async () => {
  const tiers = ["claude-haiku-4-5", "claude-opus-4-7"];
  folder = createFakeFolder({ routes: [{ name: "support", tiers, mode: "shadow" }] });
  const rows = [
    { task: "refund", cheap: { answer: "No.\u001B[2J", confidence: 0.9, correct: false } },
    { task: "plans", cheap: { answer: "Yes.", confidence: 0.6, correct: true } },
    { task: "plans", cheap: { answer: null, confidence: 0.2 } },
  ].map((row, index) => ({
    id: String(index),
    input: `Question ${index}?`,
    created_at: `2026-11-0${index + 1}T00:00:00Z`,
    deep: { model: "claude-opus-4-7", answer: "Yes, within 14 days.", cost_usd: 0.0123 },
    ...row,
  }));
  writeFileSync(join(folder.path, "rows.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
  await folder.run(["import", "rows.jsonl"]);
});
afterEach(() => {
  folder.remove();
});

interface Listed {
  readonly evidence: { readonly itemId: string; readonly task: string };
  readonly cheap: string | null;
}

async function list(...options: readonly string[]): Promise<readonly Listed[]> {
  const { out } = await folder.run(["--json", "pairs", ...options]);
  return out
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Listed);
}

test("pairs are listed newest first, with both answers and what is known of them", async () => {
  const run = await folder.run(["pairs", "support"]);
  expect(run.exitCode).toBe(0);
  expect(run.out.match(/Question \d/g)).toEqual(["Question 2", "Question 1", "Question 0"]);
  expect(run.out).toContain("none (null_answer)");
  expect(run.out).toContain("Yes, within 14 days.");
  expect(run.out).toContain("cheap wrong by label");
  expect(run.out.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
});

test.each([
  [["--wrong"], ["refund"]],
  [["--differs"], []],
  [["--disputed"], []],
  [
    ["--task", "plans"],
    ["plans", "plans"],
  ],
  [
    ["--class", "length:short"],
    ["plans", "plans", "refund"],
  ],
  [["--class", "length:huge"], []],
  [
    ["--since", "2026-11-02"],
    ["plans", "plans"],
  ],
  [["--limit", "1"], ["plans"]],
])("%j shows %j", async (options, tasks) => {
  expect((await list(...options)).map(({ evidence }) => evidence.task)).toEqual(tasks);
});

test("one pair is shown in full, with every grade of it", async () => {
  const [pair] = await list("--task", "refund");
  const id = pair?.evidence.itemId ?? "";
  await folder.run(["grade", "--plain", "--count", "1"], { input: ["q"] });
  const run = await folder.run(["pairs", id]);
  expect(run.out).toContain("Question 0?");
  expect(run.out).toContain("deep: claude-opus-4-7, $0.0123");
  expect(run.out).toContain("cheap wrong by label");
  expect(run.out).toContain("Nobody has graded it yet.");
  const whole = JSON.parse((await folder.run(["--json", "pairs", id])).out) as object;
  expect(whole).toMatchObject({ pairs: [{ cheap: "No.\u001B[2J" }], grades: [] });
});

test.each([
  [["pairs", "req_nobody"], 1, "nobody drew it"],
  [["pairs", "nowhere"], 2, 'no route "nowhere"'],
  [["pairs", "--limit", "0"], 2, "at least 1"],
  [["pairs", "--wrong", "--differs"], 2, "cannot be used with"],
])("%j ends with %d", async (argv, exitCode, words) => {
  expect(await folder.run(argv)).toMatchObject({
    exitCode,
    notes: expect.stringContaining(words),
  });
});
