import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
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
