import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLedger } from "../../src/compose/open-ledger.ts";
import { evidenceEntry, evidenceOf } from "../../src/ledger/contract/evidence.fixture.ts";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import type { Evidence } from "../../src/ledger/records/evidence.ts";
import { systemClock } from "../../src/support/clock.ts";
import { createFakeFolder, type FakeFolder } from "../../src/cli/fake-run.fixture.ts";

const SETTINGS = {
  routes: [{ name: "support", tiers: ["claude-haiku-4-5", "claude-opus-4-7"], threshold: 0.8 }],
};

let folder: FakeFolder;
let empty: FakeFolder;
beforeAll(async () => {
  folder = createFakeFolder(SETTINGS);
  empty = createFakeFolder(SETTINGS);
  await fill(folder, evidence());
  await fill(empty, []);
});
afterAll(() => {
  folder.remove();
  empty.remove();
});

async function fill({ path }: FakeFolder, entries: readonly LedgerEntry[]): Promise<void> {
  const url = `sqlite:${join(path, "ledger.db")}`;
  const ledger = await openLedger({ url, spillBytes: 1e8 }, systemClock);
  await ledger.append(entries);
  await ledger.close();
}

/** 500 labelled answers: 300 stated 0.9 of which 6 are wrong, 200 stated 0.6 of which 60 are. */
function evidence(): readonly LedgerEntry[] {
  const nowMs = systemClock.nowMs();
  const outcome = (isWrong: boolean): Evidence["cheap"] => ({
    label: isWrong ? "wrong" : "right",
    human: null,
    judge: null,
  });
  const items = Array.from({ length: 500 }, (_, index) => {
    const isSure = index < 300;
    const isWrong = isSure ? index < 6 : index < 360;
    return evidenceOf(`item_${String(index).padStart(3, "0")}`, {
      createdAtMs: nowMs - 3_600_000,
      confidence: isSure ? 0.9 : 0.6,
      cheap: outcome(isWrong),
      deep: outcome(false),
      differs: isWrong || index % 7 === 0,
    });
  });
  return items.map(evidenceEntry);
}

describe("report", () => {
  test("answers with counts and bounds", async () => {
    const run = await folder.run(["report"]);
    expect(run.exitCode).toBe(0);
    expect(run.out).toContain("Route support: claude-haiku-4-5 before claude-opus-4-7");
    expect(run.out).toContain("500 items of traffic");
    expect(run.out).toMatch(/wrong of shipped +2\.0 % \(0\.7–4\.3 %\)/);
    expect(run.out).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  test("is data as well: JSON with every number, CSV with every cell, Markdown", async () => {
    const json = await folder.run(["report", "support", "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({
      report: "report",
      routes: [{ route: "support", tiers: [{ items: 500 }] }],
    });
    const csv = await folder.run(["report", "--csv"]);
    expect(csv.out).toMatch(/^part,section,row,column,value,text\r\n/);
    const markdown = await folder.run(["report", "--md"]);
    expect(markdown.out).toMatch(/^# Leadsman report\n/);
    expect((await folder.run(["report", "--md", "--csv"])).exitCode).toBe(2);
  });

  test("is one page with pictures, written to a file or to standard output", async () => {
    const path = join(folder.path, "report.html");
    const run = await folder.run(["report", "--html", path]);
    expect(run.exitCode).toBe(0);
    expect(run.out).toBe("");
    const page = readFileSync(path, "utf8");
    expect(page).toContain("<svg");
    expect((await folder.run(["report", "--html", "-"])).out).toContain("</html>");
    const failed = await folder.run(["report", "--html", join(folder.path, "none", "r.html")]);
    expect(failed.exitCode).not.toBe(0);
    expect((await folder.run(["report", "--md", "--html", "-"])).exitCode).toBe(2);
  });

  test("a data set stands for the traffic that it was taken from", async () => {
    const imported = createFakeFolder(SETTINGS);
    const items = evidence().map((entry) =>
      entry.kind === "evidence"
        ? evidenceEntry({ ...entry.evidence, source: "import", decision: "imported" })
        : entry,
    );
    await fill(imported, items);
    const run = await imported.run(["report"]);
    imported.remove();
    expect(run.out).toMatch(/would ship +60\.0 % \(55\.6–64\.2 %\)/);
  });

  test("an empty ledger is an answer, not a number", async () => {
    const run = await empty.run(["report"]);
    expect(run.exitCode).toBe(0);
    expect(run.out).toContain("Nothing was recorded");
  });

  test("a route that is neither configured nor recorded is a slip", async () => {
    const run = await folder.run(["report", "suport"]);
    expect(run.exitCode).toBe(2);
    expect(run.notes).toContain('Did you mean "support"?');
  });
});
