import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openLedger } from "../../compose/open-ledger.ts";
import { countOf } from "../../reports/tune/counts.fixture.ts";
import { systemClock } from "../../support/clock.ts";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";

let folder: FakeFolder;
afterEach(() => {
  folder.remove();
});

const HAIKU = { model: "claude-haiku-4-5", threshold: 0.8 };
const SONNET = { model: "claude-sonnet-4-6", threshold: 0.7 };
const OPUS = "claude-opus-4-7";

async function openFolderLedger() {
  const url = `sqlite:${join(folder.path, "ledger.db")}`;
  return openLedger({ url, spillBytes: 10_000_000 }, systemClock);
}

interface Row {
  readonly id: string;
  readonly tier?: number;
  readonly task?: string;
  readonly confidence: number;
  readonly outcome: "right" | "wrong";
}

async function fill(rows: readonly Row[]): Promise<void> {
  const ledger = await openFolderLedger();
  await ledger.append(
    rows.map(({ id, tier = 0, task = null, confidence, outcome }) => {
      const { dayMs: createdAtMs, isClustered: _, ...key } = countOf(confidence, outcome, 1).key;
      const costs = { cheapCostNanoUsd: 100n, deepCostNanoUsd: 9_000n };
      const times = { cheapLatencyMs: null, deepLatencyMs: null, createdAtMs };
      const evidence = { ...key, ...costs, ...times, itemId: id, tier, task, cluster: null };
      return { kind: "evidence", evidence } as const;
    }),
  );
  await ledger.close();
}

async function versions() {
  const ledger = await openFolderLedger();
  const found = await ledger.thresholdVersions("support");
  await ledger.close();
  return found;
}

test("three tiers are tuned together, applied with one certificate, checked and undone", async () => {
  folder = createFakeFolder({ routes: [{ name: "support", tiers: [HAIKU, SONNET, OPUS] }] });
  const rows = Array.from({ length: 900 }, (_, index): Row[] => {
    const id = `item_${String((index * 7_919) % 900).padStart(4, "0")}`;
    const isSure = index % 2 === 0;
    return [
      { id, confidence: isSure ? 0.9 : 0.6, outcome: isSure ? "right" : "wrong" },
      { id, tier: 1, confidence: index % 3 === 0 ? 0.4 : 0.85, outcome: "right" },
    ];
  }).flat();
  await fill(rows);
  expect((await folder.run(["check"])).exitCode).toBe(0);
  const tuned = await folder.run(["tune", "support", "--apply", "--reason", "900 items"]);
  expect(tuned.out).toContain("With 0.90 at tier 1 and 0.40 at tier 2, at most 5.0 % of all");
  expect(tuned.notes).toContain("Applied threshold 0.90 and 0.40.");
  const applied = await versions();
  expect(applied.map(({ tier, threshold }) => [tier, threshold]).toSorted()).toEqual([
    [0, 0.9],
    [1, 0.4],
  ]);
  expect(new Set(applied.map(({ certificate }) => certificate)).size).toBe(1);
  expect((await folder.run(["check"])).out).toMatch(/Holds at thresholds 0\.90 and 0\.40/);

  const undone = await folder.run(["tune", "support", "--undo", "--reason", "a mistake"]);
  expect(undone.out).toBe("support: threshold 0.80\nsupport: threshold of tier 2 0.70\n");
  const selective = await folder.run(["tune", "--target", "selective"]);
  expect([selective.exitCode, selective.notes]).toEqual([2, expect.stringContaining("joint")]);
});

test("by task each kind of work has its own promise, and small ones share one", async () => {
  folder = createFakeFolder({ routes: [{ name: "support", tiers: [HAIKU, OPUS] }] });
  const rowsOf = (task: string, count: number, outcome: "right" | "wrong"): Row[] =>
    Array.from({ length: count }, (_, index) => {
      return { id: `${task}_${String(index)}`, task, confidence: 0.9, outcome };
    });
  await fill([
    ...rowsOf("refund", 400, "right"),
    ...rowsOf("legal", 100, "wrong"),
    ...rowsOf("thanks", 50, "right"),
    ...rowsOf("hello", 40, "right"),
  ]);
  const { out, exitCode } = await folder.run(["tune", "support", "--by", "task"]);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/refund +400 +0\.90 +0\.90/);
  expect(out).toMatch(/legal +100 +none +none +Unreachable/);
  expect(out).toMatch(/other \(2 tasks\) +90 +0\.90 +none/);
  expect(out).toContain("What holds for other holds for its mix of tasks, not for each of them.");
  const { out: json } = await folder.run(["tune", "support", "--by", "task", "--json"]);
  expect(JSON.parse(json)).toMatchObject({
    routes: [{ byTask: { tasks: [{ task: "refund", report: { threshold: 0.9 } }, {}, {}] } }],
  });
  const applied = await folder.run(["tune", "support", "--by", "task", "--apply"]);
  expect(applied.exitCode).toBe(2);
});
