import { readdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import {
  evidenceOf,
  gradeEntry,
  gradeOf,
  recount,
  rolledUp,
} from "../contract/evidence.fixture.ts";
import type { ImportedItem } from "../ledger.ts";
import { importStagePath } from "./import-finish.ts";
import { openWritable } from "./open-database.ts";
import { makeSqlitePlace } from "./sqlite-place.fixture.ts";
import type { SqlitePlace } from "./sqlite-place.fixture.ts";

/** More than two chunks hold. */
const MANY = 41_000;

test("what is known or comes twice counts once, also when chunks lie between", () =>
  withPlace(async (place) => {
    const ledger = await place.open();
    const known = evidenceOf("item_30000", { confidence: 0.1 });
    await ledger.append([
      { kind: "evidence", evidence: known },
      gradeEntry(gradeOf("grade_1", "item_30000", { outcome: "wrong" })),
    ]);
    const items = [...many(), itemOf(7), itemOf(40_999)];
    expect(await ledger.importItems(pagesOf(items))).toEqual({ added: MANY - 1, known: 3 });
    expect(await ledger.importItems(pagesOf(items))).toEqual({ added: 0, known: MANY + 2 });
    expect(await ledger.evidenceOf("item_30000")).toMatchObject([
      { confidence: 0.1, cheap: { human: "wrong" } },
    ]);
    expect(await textOf(ledger.body("item_7", "request"))).toBe("request 7");
    expect(await textOf(ledger.body("item_40999", "request"))).toBe("request 40999");
    expect(await rolledUp(ledger)).toEqual(await recount(ledger));
    await ledger.close();
  }));

test("who opens the ledger meanwhile leaves an import that is under way alone", () =>
  withPlace(async (place) => {
    const ledger = await place.open();
    const items = async function* (): AsyncGenerator<readonly ImportedItem[]> {
      yield many().slice(0, 100);
      const other = await place.open();
      expect(await other.evidenceOf("item_1")).toEqual([]);
      await other.close();
      yield many().slice(100);
    };
    expect(await ledger.importItems(items())).toEqual({ added: MANY, known: 0 });
    await ledger.close();
    expect(filesOf(place)).toEqual(["ledger.db"]);
  }));

test("a move that fails on its way is finished by the next who opens the ledger", () =>
  withPlace(async (place) => {
    const ledger = await place.open();
    const database = openWritable(place.path);
    database.exec(
      "CREATE TRIGGER no_room BEFORE INSERT ON evidence WHEN new.item_id = 'item_20500' " +
        "BEGIN SELECT raise(ABORT, 'no room left'); END",
    );
    await expect(ledger.importItems(pagesOf(many()))).rejects.toMatchObject({
      code: "ledger_failed",
      message: expect.stringContaining("no room left"),
    });
    await expect(place.open()).rejects.toMatchObject({
      code: "ledger_open_failed",
      message: expect.stringContaining("no room left"),
    });
    expect(await ledger.evidenceOf("item_19999")).toHaveLength(1);
    expect(await ledger.evidenceOf("item_20500")).toEqual([]);
    expect(await rolledUp(ledger)).toEqual(await recount(ledger));
    database.exec("DROP TRIGGER no_room");
    database.close();
    const again = await place.open();
    expect(await rolledUp(again)).toEqual(await recount(again));
    expect(await again.importItems(pagesOf(many()))).toEqual({ added: 0, known: MANY });
    await again.close();
    await ledger.close();
    expect(filesOf(place)).toEqual(["ledger.db"]);
  }));

test.each(["", "half of a page"])("a stage that was never whole is deleted: %j", (content) =>
  withPlace(async (place) => {
    await (await place.open()).close();
    writeFileSync(importStagePath(place.path, "1"), content);
    const ledger = await place.open();
    expect(await ledger.evidence({}, 10)).toEqual({ rows: [], next: null });
    await ledger.close();
    expect(filesOf(place)).toEqual(["ledger.db"]);
  }),
);

function many(): readonly ImportedItem[] {
  return Array.from({ length: MANY }, (_, index) => itemOf(index));
}

function itemOf(index: number): ImportedItem {
  const requestId = `item_${String(index)}`;
  const evidence = evidenceOf(requestId, {
    ...{ source: "import", dataset: "set", confidence: (index % 10) / 10 },
    cheap: { label: index % 3 === 0 ? "wrong" : "right", human: null, judge: null },
  });
  const bytes = new TextEncoder().encode(`request ${String(index)}`);
  const bodies =
    index % 100 === 7 || index === 40_999 ? [{ requestId, part: "request", bytes }] : [];
  return { evidence, bodies };
}

async function* pagesOf(items: readonly ImportedItem[]): AsyncGenerator<readonly ImportedItem[]> {
  for (let from = 0; from < items.length; from += 1_000) {
    await Promise.resolve();
    yield items.slice(from, from + 1_000);
  }
}

async function textOf(body: Promise<Uint8Array | null>): Promise<string> {
  return new TextDecoder().decode((await body) ?? undefined);
}

function filesOf(place: SqlitePlace): readonly string[] {
  return readdirSync(dirname(place.path));
}

async function withPlace(run: (place: SqlitePlace) => Promise<void>): Promise<void> {
  const place = await makeSqlitePlace();
  try {
    await run(place);
  } finally {
    await place.remove();
  }
}
