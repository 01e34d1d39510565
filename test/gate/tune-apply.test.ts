import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import type { Evidence } from "../../src/ledger/records/evidence.ts";
import { runCli } from "../cli/cli-process.ts";
import { ask, call } from "../harness/call.ts";
import { NO_SAMPLING, openStack, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

const MODELS = ["claude-haiku-4-5", "claude-opus-4-7"] as const;
const ROUTE = { mode: "live", requireCertificate: true, sampling: NO_SAMPLING };

/** A file for the command line that names the ledger of the running gateway. */
function writeConfig(folder: string): void {
  const route = { name: "support", match: { model: "claude-opus-*" }, tiers: MODELS, ...ROUTE };
  const ledger = { url: `sqlite:${join(folder, "ledger.db")}` };
  const file = JSON.stringify({ version: 1, routes: [route], ledger });
  writeFileSync(join(folder, "leadsman.yaml"), file);
}

/** Labelled rows as an import leaves them: right from 0.9 on, wrong at 0.6. */
function labelled(index: number): Evidence {
  const isSure = index % 4 !== 0;
  const none = { label: null, human: null, judge: null };
  return {
    ...{ itemId: `item_${String(index)}`, tier: 0, deepTier: 1, source: "import" as const },
    ...{ dataset: "labels", route: "support", task: null, createdAtMs: Date.now() },
    ...{ cluster: null, inputClasses: [], decision: "imported" as const, propensity: 1 },
    ...{ cheapModel: MODELS[0], deepModel: MODELS[1], promptHash: null },
    ...{ confidence: isSure ? 0.9 : 0.6, cheapMissing: null, deepMissing: null },
    ...{ cheapCostNanoUsd: null, deepCostNanoUsd: null },
    ...{ cheapLatencyMs: null, deepLatencyMs: null, deep: none, differs: null },
    cheap: { ...none, label: isSure ? "right" : "wrong" },
  };
}

test("a running gateway takes tune --apply over within two seconds, certificate and all", async () => {
  stack = await openStack({ route: ROUTE });
  writeConfig(stack.folder);
  const rows = Array.from({ length: 400 }, (_, index) => labelled(index));
  await stack.open.ledger.append(rows.map((evidence) => ({ kind: "evidence", evidence })));
  const sure = encodeURIComponent('{"confidence":0.9,"answer":"yes"}');
  const headers = { "x-simulate": `triage:text=${sure}` };
  const decide = async (prompt: string): Promise<unknown> =>
    (await call(stack.url, { body: ask(prompt), headers })).headers["x-leadsman-decision"];
  expect(await decide("Before")).toBe("shadowed");

  const argv = ["tune", "support", "--apply", "--reason", "400 labels"];
  const { exitCode, stderr } = await runCli(argv, stack.folder);
  const appliedAtMs = performance.now();
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining("Applied threshold 0.90.")]);

  let turn = 0;
  while ((await decide(`After ${String((turn += 1))}`)) !== "shipped") {
    if (performance.now() - appliedAtMs > 2_000) throw new Error("not taken over in two seconds");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const newest = (await stack.records()).at(-1);
  expect(newest).toMatchObject({
    threshold: 0.9,
    thresholdVersion: expect.stringMatching(/^threshold_/),
  });
}, 20_000);

test("what live shipped, and nearly shipped, certifies the threshold once people have graded it", async () => {
  const sampling = { ...NO_SAMPLING, grade: "100%", band: "100%" };
  stack = await openStack({ route: { mode: "live", sampling } });
  writeConfig(stack.folder);
  const ids: string[] = [];
  for (let turn = 0; turn < 130; turn += 1) {
    // At 0.8 it ships, 0.72 is a near miss.
    const confidence = turn % 10 === 0 ? 0.72 : 0.9;
    const text = encodeURIComponent(JSON.stringify({ confidence, answer: "yes" }));
    const response = await call(stack.url, {
      body: ask(`Question ${String(turn)}`),
      headers: { "x-simulate": `triage:text=${text}` },
    });
    ids.push(String(response.headers["x-leadsman-id"]));
  }
  for (const id of ids) await stack.record(id);
  await stack.settled();
  const grades = ids.map((itemId, index): LedgerEntry => {
    const grade = { id: `g${String(index)}`, itemId, tier: 0, by: "human" as const };
    const said = { outcome: "right" as const, grader: "ann", createdAtMs: Date.now() };
    return {
      kind: "grade",
      grade: { ...grade, ...said, isRepeat: false, note: null, retractedAtMs: null },
    };
  });
  await stack.open.ledger.append(grades);

  const argv = ["tune", "support", "--target", "selective", "--json"];
  const { stdout } = await runCli(argv, stack.folder);
  expect(JSON.parse(stdout)).toMatchObject({
    routes: [
      {
        threshold: 0.72,
        labelledRows: 130,
        sample: { leftOut: [] },
        candidates: [
          { threshold: 0.9, trials: 117, isCertified: true },
          { threshold: 0.72, trials: 130, isCertified: true },
        ],
      },
    ],
  });
  // Another threshold in force today: nobody can tell which answers had which chance.
  await runCli(
    ["tune", "support", "--target", "selective", "--apply", "--reason", "x"],
    stack.folder,
  );
  const after = await runCli(argv, stack.folder);
  expect(JSON.parse(after.stdout)).toMatchObject({
    routes: [{ threshold: null, sample: { leftOut: [{ reason: "part_of_range", items: 130 }] } }],
  });
}, 30_000);
