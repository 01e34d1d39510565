import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { importEvidence } from "../../src/compose/import-evidence.ts";
import { openLedger } from "../../src/compose/open-ledger.ts";
import { exportEvidence } from "../../src/datasets/export-evidence.ts";
import { evidenceLine, type ExportedEvidence } from "../../src/datasets/rows/evidence-row.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { readItemTexts } from "../../src/quality/grading/item-texts.ts";
import { systemClock } from "../../src/support/clock.ts";
import { ask, call } from "../harness/call.ts";
import { NO_SAMPLING, openStack, stackConfig, type Stack } from "../harness/open-stack.ts";

let stack: Stack;
afterEach(async () => {
  await stack.close();
});

const TIERS = ["claude-haiku-4-5", "claude-sonnet-4-6", "claude-opus-4-7"];
const SHADOW = { bodies: "all", mode: "shadow" };
const LIVE = { bodies: "all", sampling: { ...NO_SAMPLING, shadow: "100%" } };
const NEAR_MISS = {
  ...{ bodies: "all", sampling: { ...NO_SAMPLING, band: "100%" } },
  tiers: TIERS.map((model, tier) => (tier < 2 ? { model, threshold: 0.8 } : { model })),
};

test.each([
  ["shadow, two tiers", SHADOW, 0.9],
  ["shadow, three tiers", { ...SHADOW, tiers: TIERS }, 0.9],
  ["shipped, two tiers", LIVE, 0.9],
  ["shipped by the first of three tiers", { ...LIVE, tiers: TIERS }, 0.9],
  ["near miss of the second of three tiers", NEAR_MISS, 0.75],
])("answers of traffic come out and go in as whose they are: %s", async (_, route, confidence) => {
  stack = await openStack({ route });
  const id = await send(confidence);
  const { ledger } = stack.open;
  const [evidence, ...others] = await ledger.evidenceOf(id);
  if (evidence === undefined) throw new Error("Wanted evidence of the request, found none");
  expect(others).toEqual([]);
  const { record: _record, ...texts } = await readItemTexts(ledger, evidence);
  expect(texts).toMatchObject({ cheap: "cheap words", deep: "deep words", ideal: null });

  const rows = await exported(ledger);
  const parts = ["request", `answer:${evidence.tier}`, `answer:${evidence.deepTier}`];
  expect(rows.map(({ bodies }) => Object.keys(bodies ?? {}))).toEqual([parts]);
  expect(rows[0]?.bodies).toMatchObject({
    [`answer:${evidence.tier}`]: expect.stringContaining(
      `"model":"${String(evidence.cheapModel)}"`,
    ),
    [`answer:${evidence.deepTier}`]: expect.stringContaining(
      `"model":"${String(evidence.deepModel)}"`,
    ),
  });
  await withImported(rows, async (imported) => {
    const moved = { ...evidence, source: "import", dataset: "traffic" };
    const [again] = await imported.evidenceOf(id);
    expect(again).toEqual(moved);
    expect(await readItemTexts(imported, again ?? evidence)).toEqual({ ...texts, record: null });
    expect(await exported(imported)).toEqual([{ ...rows[0], evidence: moved }]);
  });
});

/** @returns the request's id, once both answers are there */
async function send(confidence: number): Promise<string> {
  const verdict = encodeURIComponent(JSON.stringify({ confidence, answer: "cheap words" }));
  const response = await call(stack.url, {
    body: ask("Hi"),
    headers: { "x-simulate": `triage:text=${verdict},deep:text=deep%20words` },
  });
  const id = String(response.headers["x-leadsman-id"]);
  await stack.record(id);
  await stack.settled();
  return id;
}

async function exported(ledger: Ledger): Promise<readonly ExportedEvidence[]> {
  const rows: ExportedEvidence[] = [];
  for await (const page of exportEvidence(ledger, { filter: {}, withBodies: true })) {
    rows.push(...page);
  }
  return rows;
}

async function withImported(
  rows: readonly ExportedEvidence[],
  run: (ledger: Ledger) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "leadsman-exported-"));
  try {
    const path = join(folder, "traffic.jsonl");
    writeFileSync(path, rows.map(evidenceLine).join("\n"));
    const config = stackConfig(folder, "http://127.0.0.1:1", {});
    const order = { files: [{ name: "traffic", path }], route: null, task: null, dataset: null };
    const ports = { signal: new AbortController().signal, tellBytes: () => undefined };
    await importEvidence(config, { ...order, withBodies: true }, systemClock, ports);
    const ledger = await openLedger(config.ledger, systemClock);
    try {
      await run(ledger);
    } finally {
      await ledger.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
