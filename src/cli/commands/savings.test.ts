import { expect, test } from "vitest";
import { runFake } from "../fake-run.fixture.ts";

const PLAIN = ["savings", "--cheap-input-price", "0.80", "--deep-input-price", "3"];

test("the million requests of the help save $410, not $418", async () => {
  const { exitCode, out } = await runFake(PLAIN);
  expect(exitCode).toBe(0);
  expect(out).toContain("$600.00 for 1,000,000 requests");
  expect(out).toContain("$190.00: 1,000,000 cheap calls and 50,000 deep ones (950,000 shipped)");
  expect(out).toContain("$410.00 (68.3 %)");
  expect(out).toContain("26.7 % shipped");
  expect(out).toContain("says $182.00 and $418.00 saved.");
});

test("one request is spoken of as one", async () => {
  const { out } = await runFake([...PLAIN, "--requests", "1", "--ship", "0%"]);
  expect(out).toContain(" for 1 request\n");
  expect(out).toContain(": 1 cheap call and 1 deep one (0 shipped)");
  expect(out).toContain("The escalated request pays its cheap call too.");
});

test("JSON has money as digits", async () => {
  const { out } = await runFake([...PLAIN, "--json"]);
  expect(JSON.parse(out)).toMatchObject({
    report: "savings",
    version: 1,
    savedNanoUsd: "410000000000",
    naive: { savedNanoUsd: "418000000000" },
  });
});

test("catalogue prices give the cost of one call to the last digit", async () => {
  const { out } = await runFake([
    ...["savings", "--cheap", "claude-haiku-4-5", "--deep", "claude-opus-4-7"],
    ...["--input", "320", "--output", "40", "--ship", "70%", "--requests", "10"],
  ]);
  expect(out).toContain("$0.00052  320 in + 40 out tokens, price catalogue");
});

test("a cascade that never ships costs more, and says so", async () => {
  const { out } = await runFake([...PLAIN, "--ship", "0%"]);
  expect(out).toContain("-$160.00 (-26.7 %): the cascade costs more");
});

test.each([
  [["savings", "--cheap", "claude-haiku-4-5"], "wanted either --deep MODEL"],
  [[...PLAIN, "--cheap", "claude-haiku-4-5"], "wanted either --cheap MODEL"],
  [[...PLAIN, "--requests", "1.5"], "Wanted a whole number"],
  [["savings", "--cheap", "no-such-1", "--deep-input-price", "3"], 'known for "no-such-1"'],
  [["savings", "--cheap-input-price", "x", "--deep-input-price", "3"], "invalid_price"],
])("%j is answered with what was wanted", async (argv, words) => {
  const { exitCode, notes } = await runFake(argv);
  expect(exitCode).toBe(2);
  expect(notes).toContain(words);
});
