import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLedger } from "../../compose/open-ledger.ts";
import { readRoutesInForce } from "../../compose/routes-in-force.ts";
import { loadConfig, readConfigFile } from "../../config/load-config.ts";
import { countOf } from "../../reports/tune/counts.fixture.ts";
import { systemClock } from "../../support/clock.ts";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";

let folder: FakeFolder;
beforeEach(() => {
  const tiers = [{ model: "claude-haiku-4-5", threshold: 0.6 }, "claude-opus-4-7"];
  folder = createFakeFolder({ routes: [{ name: "support", tiers, mode: "live" }] });
});
afterEach(() => {
  folder.remove();
});

async function openFolderLedger() {
  const url = `sqlite:${join(folder.path, "ledger.db")}`;
  return openLedger({ url, spillBytes: 10_000_000 }, systemClock);
}

/** Rows that ship at 0.9 are right; `wrong` further ones at 0.6 are wrong. */
async function fillLedger(right: number, wrong: number): Promise<void> {
  const ledger = await openFolderLedger();
  const rows = [
    ...Array.from({ length: right }, () => [0.9, "right"] as const),
    ...Array.from({ length: wrong }, () => [0.6, "wrong"] as const),
  ];
  await ledger.append(
    rows.map(([confidence, outcome], index) => {
      const {
        dayMs: createdAtMs,
        isClustered: _,
        gradeLevel: __,
        ...key
      } = countOf(confidence, outcome, 1).key;
      const costs = { cheapCostNanoUsd: null, deepCostNanoUsd: null };
      const times = { cheapLatencyMs: null, deepLatencyMs: null, createdAtMs };
      const itemId = `req_${index}`;
      const evidence = { ...key, ...costs, ...times, itemId, cluster: null };
      return { kind: "evidence", evidence } as const;
    }),
  );
  await ledger.close();
}

async function thresholdOfGateway(): Promise<number | null | undefined> {
  const loaded = loadConfig({
    path: join(folder.path, "leadsman.yaml"),
    env: {},
    readFile: readConfigFile,
  });
  if (!loaded.ok) throw new Error("the configuration of the test is broken");
  const ledger = await openFolderLedger();
  const [inForce] = await readRoutesInForce(loaded.value.config, ledger);
  const threshold = inForce?.route.tiers[0]?.threshold;
  await ledger.close();
  return threshold;
}

test("a broken guarantee is found, tuned away, holds, and comes back with the undo", async () => {
  await fillLedger(300, 60);
  expect(await folder.run(["check"])).toMatchObject({ exitCode: 3 });

  const tuned = await folder.run(["tune", "support", "--apply", "--reason", "360 labels"]);
  expect(tuned.exitCode).toBe(0);
  expect(tuned.out).toContain("From confidence 0.90 on, at most 5.0 % of all requests");
  expect(await thresholdOfGateway()).toBe(0.9);
  expect((await folder.run(["check", "--json"])).exitCode).toBe(0);

  const ledger = await openFolderLedger();
  const [version] = await ledger.thresholdVersions("support");
  await ledger.close();
  const certificate: unknown = JSON.parse(version?.certificate ?? "null");
  expect(certificate).toMatchObject({ target: "joint", atMost: 0.05, hits: 0, labelledRows: 360 });

  await folder.run(["tune", "support", "--undo", "--reason", "a mistake"]);
  expect(await thresholdOfGateway()).toBe(0.6);
});

test("without --apply it says how to apply what was found, with the options that decided it", async () => {
  await fillLedger(300, 60);
  const { notes } = await folder.run(["tune", "support", "--at-most", "6%"]);
  expect(notes).toContain(
    'Nothing was changed. To put 0.90 in force:\n  leadsman tune support --at-most 6% --apply --reason "…"',
  );
  expect((await folder.run(["tune", "--json"])).notes).toBe("");
});

test("with too few labels nothing is applied, and it says what is needed", async () => {
  await fillLedger(20, 0);
  const run = await folder.run(["tune", "--apply", "--reason", "hope"]);
  expect(run).toMatchObject({
    exitCode: 4,
    notes: expect.stringMatching(/Nothing was applied\. Needs/),
  });
  expect(await thresholdOfGateway()).toBe(0.6);
  expect((await folder.run(["check"])).exitCode).toBe(4);
});

test("a second look with --one-shot at other labels finds nothing left to spend", async () => {
  await fillLedger(20, 0);
  const first = await folder.run(["tune", "support", "--one-shot"]);
  expect(first.out).toMatch(/Needs about \d+ more labelled rows/);
  expect((await folder.run(["tune", "support", "--one-shot"])).out).toBe(first.out);

  await fillLedger(300, 0);
  for (const argv of [["--one-shot"], []]) {
    const { out } = await folder.run(["tune", "support", ...argv]);
    expect(out).toContain("nothing is left to certify with");
    expect(out).toContain("no threshold is certified");
  }
  const { out } = await folder.run(["tune", "support", "--confidence", "90%"]);
  expect(out).toContain("5.0 % of the 10.0 % are left for this one");
  expect(out).toContain("From confidence 0.90 on");
});

test.each([
  [["--apply"], 2, /Wanted --reason/],
  [["--at-most", "0"], 2, /Wanted shares above 0 %/],
  [["--undo", "--reason", "x"], 1, /nothing_to_undo/],
] as const)("%j ends with %d", async (argv, exitCode, notes) => {
  await fillLedger(1, 0);
  const run = await folder.run(["tune", ...argv]);
  expect(run).toMatchObject({ exitCode, notes: expect.stringMatching(notes) });
});
