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

/** A candidate that was asked about escalated requests: two thirds it answers as the deep model did. */
function triedOn(requests: number): readonly LedgerEntry[] {
  return Array.from({ length: requests }, (_, index) => {
    const isSure = index % 3 !== 0;
    return evidenceEntry(
      evidenceOf(`escalated_${String(index)}`, {
        ...{ tier: 100, decision: "escalated", propensity: 0.05, differs: !isSure },
        ...{ cheapModel: "claude-sonnet-4-6", confidence: isSure ? 0.7 : 0.3 },
        ...{ cheapCostNanoUsd: 6_000_000n, createdAtMs: systemClock.nowMs() - 3_600_000 },
      }),
    );
  });
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

  test("says of each candidate whether it would pay as a middle tier, in every form", async () => {
    const trying = createFakeFolder({
      providers: { anthropic: { apiKey: "sk-own" } },
      routes: SETTINGS.routes.map((route) => ({
        ...route,
        candidates: ["claude-sonnet-4-6", "claude-sonnet-5-5"],
      })),
    });
    await fill(trying, [...evidence(), ...triedOn(600)]);
    const plain = await trying.run(["report"]);
    expect(plain.out).toContain("Would a middle tier pay?");
    expect(plain.out).toMatch(
      /claude-sonnet-4-6 +600 +0\.70 +66\.7 % \(.*\) +27\.3 % +0\.0 % \(.*\) +not known yet.* add\n/,
    );
    expect(plain.out).toMatch(/claude-sonnet-5-5 +0 .* not known yet, about \d+ more\n/);
    expect(plain.out).toMatch(/middle_tier +Add the tier +claude-sonnet-4-6 would close/);
    expect(plain.out).not.toMatch(/NaN|undefined|Infinity|\[object/);
    // The tiers are what they are without candidates.
    const without = await folder.run(["report"]);
    const tierPart = (text: string): string => text.slice(0, text.indexOf("money, time, advice"));
    const withoutTimes = (text: string): string => text.replace(/\d{4}-\d\d-\d\d.*/g, "");
    expect(withoutTimes(tierPart(plain.out))).toBe(withoutTimes(tierPart(without.out)));
    expect(without.out).not.toContain("Would a middle tier pay?");
    const json = await trying.run(["report", "support", "--json"]);
    expect(JSON.parse(json.out)).toMatchObject({
      routes: [
        {
          tiers: [{ items: 500 }],
          candidates: [
            { model: "claude-sonnet-4-6", asked: 600, says: "add_tier", best: { closes: 400 } },
            { model: "claude-sonnet-5-5", asked: 0, says: "not_known_yet" },
          ],
        },
      ],
    });
    for (const form of ["--md", "--csv"]) {
      expect((await trying.run(["report", form])).out).toContain("claude-sonnet-4-6");
    }
    expect((await trying.run(["report", "--html", "-"])).out).toContain("Would a middle tier pay?");
    trying.remove();
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
