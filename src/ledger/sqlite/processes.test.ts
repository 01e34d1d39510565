import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { sleep } from "../../support/sleep.ts";
import { recordOf, requestEntry } from "../contract/records.fixture.ts";
import type { Ledger } from "../ledger.ts";
import { openReadOnly } from "./open-database.ts";
import { makeSqlitePlace } from "./sqlite-place.fixture.ts";
import type { SqlitePlace } from "./sqlite-place.fixture.ts";

const RECORDS = new URL("../contract/records.fixture.ts", import.meta.url).href;
const EVIDENCE = new URL("../contract/evidence.fixture.ts", import.meta.url).href;
const LEDGER = new URL("./open-sqlite-ledger.ts", import.meta.url).href;
const CLOCK = new URL("../../support/clock.ts", import.meta.url).href;
const DATABASE = new URL("./open-database.ts", import.meta.url).href;

/** Appends without end from eight places at once and prints each id once it is committed. */
const APPENDER = `
import { randomBytes } from "node:crypto";
import { writeSync } from "node:fs";
import { recordOf, requestEntry } from ${JSON.stringify(RECORDS)};
import { openSqliteLedger } from ${JSON.stringify(LEDGER)};
import { systemClock } from ${JSON.stringify(CLOCK)};
const [path, prefix, bodyBytes] = process.argv.slice(-3);
const ledger = await openSqliteLedger({ path, clock: systemClock });
let count = 0;
const appendOn = async () => {
  for (;;) {
    const id = prefix + String(count++);
    const bytes = randomBytes(Number(bodyBytes));
    const body = { kind: "body", body: { requestId: id, part: "request", bytes } };
    await ledger.append([requestEntry(recordOf(id)), ...(bytes.length > 0 ? [body] : [])]);
    writeSync(1, id + "\\n");
  }
};
for (let i = 0; i < 8; i += 1) void appendOn();
`;

/** Imports 90 batches of 500 items, which are three chunks, and says when the last one is handed over. */
const IMPORTER = `
import { writeSync } from "node:fs";
import { evidenceOf } from ${JSON.stringify(EVIDENCE)};
import { openSqliteLedger } from ${JSON.stringify(LEDGER)};
import { systemClock } from ${JSON.stringify(CLOCK)};
const ledger = await openSqliteLedger({ path: process.argv.at(-1), clock: systemClock });
const bytes = new TextEncoder().encode("words of an imported row ".repeat(40));
const source = async function* () {
  for (let batch = 0; batch < 90; batch += 1) {
    writeSync(1, "batch " + String(batch) + "\\n");
    yield Array.from({ length: 500 }, (_, row) => {
      const id = "item_" + String(batch) + "_" + String(row);
      return { evidence: evidenceOf(id), bodies: [{ requestId: id, part: "request", bytes }] };
    });
  }
  writeSync(1, "moving\\n");
};
await ledger.importItems(source());
writeSync(1, "done\\n");
`;

/** Takes the only write lock there is, says so, and keeps it until its input ends. */
const LOCKER = `
import { openWritable } from ${JSON.stringify(DATABASE)};
const database = openWritable(process.argv.at(-1));
database.exec("BEGIN EXCLUSIVE");
console.log("locked");
process.stdin.resume().on("end", () => process.exit(0));
`;

describe("two processes on one file", () => {
  test("while one holds the lock the other keeps its entries and can read", () =>
    withPlace(async (place) => {
      const ledger = await place.open();
      await ledger.append([requestEntry(recordOf("req_before"))]);
      const locker = start(LOCKER, [place.path]);
      await firstLine(locker);
      const append = ledger.append([requestEntry(recordOf("req_during"))]);
      await until(() => !ledger.health().isWritable);
      expect(await ledger.request("req_before")).not.toBeNull();
      expect(await ledger.request("req_during")).toBeNull();
      locker.stdin?.end();
      await append;
      expect(ledger.health()).toMatchObject({ isWritable: true, lostEntries: 0 });
      expect(await ledger.request("req_during")).not.toBeNull();
      await ledger.close();
    }));

  test("both may write at once", () =>
    withPlace(async (place) => {
      const ledger = await place.open();
      const appender = start(APPENDER, [place.path, "other_", "0"]);
      const acknowledged = readIds(appender);
      for (let i = 0; i < 200; i += 1) {
        await ledger.append([requestEntry(recordOf(`ours_${String(i)}`))]);
      }
      await until(() => acknowledged.length > 100);
      await kill(appender);
      await expectAllThere(ledger, acknowledged);
      await ledger.close();
    }));
});

describe("kill -9", () => {
  test(
    "loses no acknowledged record and counts none twice, five times over",
    () =>
      withPlace(async (place) => {
        const acknowledged: string[] = [];
        for (let round = 0; round < 5; round += 1) {
          const appender = start(APPENDER, [place.path, `round${String(round)}_`, "0"]);
          const ids = readIds(appender);
          await until(() => ids.length > 40 * (round + 1));
          await kill(appender);
          acknowledged.push(...ids);
          const ledger = await place.open();
          await expectAllThere(ledger, acknowledged);
          await ledger.close();
        }
      }),
    // Five starts and five ends of a process, on a machine that may be busy.
    60_000,
  );

  test(
    "while the log is copied into the file loses nothing either, three times over",
    () =>
      withPlace(async (place) => {
        const acknowledged: string[] = [];
        for (let round = 0; round < 3; round += 1) {
          const appender = start(APPENDER, [place.path, `round${String(round)}_`, "60000"]);
          const ids = readIds(appender);
          // After so many the log has been copied once or twice, see `CHECKPOINT_PAGES`.
          await until(() => ids.length > 400);
          const before = fileBytes(place);
          await until(() => fileBytes(place) > before);
          await kill(appender);
          acknowledged.push(...ids);
          const ledger = await place.open();
          await expectAllThere(ledger, acknowledged);
          for (const id of ids) expect(await ledger.body(id, "request")).toHaveLength(60_000);
          await ledger.close();
        }
      }),
    60_000,
  );
});

describe("kill -9 in an import", () => {
  const all = 45_000;

  test.each([
    ["while it is staged", "batch 20", 0],
    ["as it begins to move", "moving", 0],
    ["while it moves", "moving", 60],
    ["at its end", "done", 0],
  ])(
    "%s leaves all of it or nothing, no file, and a ledger that takes it again",
    (_, line, waitMs) =>
      withPlace(async (place) => {
        const importer = start(IMPORTER, [place.path]);
        const lines = readIds(importer);
        await until(() => lines.includes(line));
        await sleep(waitMs);
        await kill(importer);
        const ledger = await place.open();
        const items = await countItems(ledger);
        expect([0, all]).toContain(items);
        if (line !== "moving") expect(items).toBe(line === "done" ? all : 0);
        const text = await ledger.body("item_0_0", "request");
        expect(text !== null).toBe(items > 0);
        expect((await ledger.evidence({}, 1)).rows).toHaveLength(items > 0 ? 1 : 0);
        expect(filesOf(place)).toEqual(["ledger.db", "ledger.db-shm", "ledger.db-wal"]);
        await ledger.close();
        await importAgain(place, all);
      }),
    60_000,
  );

  test(
    "between two chunks leaves a part, which whoever opens the ledger makes whole",
    () =>
      withPlace(async (place) => {
        await (await place.open()).close();
        const database = openReadOnly(place.path);
        const moved = (): unknown =>
          database.prepare("SELECT count(*) AS items FROM evidence").get()?.["items"];
        const importer = start(IMPORTER, [place.path]);
        await until(() => moved() !== 0);
        await kill(importer);
        expect(moved()).toBeLessThan(all);
        const [first, second] = await Promise.all([place.open(), place.open()]);
        expect(moved()).toBe(all);
        expect(await countItems(first)).toBe(all);
        expect(await first.body("item_89_499", "request")).not.toBeNull();
        expect(filesOf(place)).toEqual(["ledger.db", "ledger.db-shm", "ledger.db-wal"]);
        await Promise.all([first.close(), second.close()]);
        database.close();
        await importAgain(place, all);
      }),
    60_000,
  );
});

async function importAgain(place: SqlitePlace, all: number): Promise<void> {
  const again = start(IMPORTER, [place.path]);
  const answers = readIds(again);
  await until(() => answers.includes("done"));
  await kill(again);
  const reopened = await place.open();
  expect(await countItems(reopened)).toBe(all);
  await reopened.close();
}

/** Grows when the log is copied into it. */
function fileBytes({ path }: SqlitePlace): number {
  return statSync(path).size;
}

function filesOf(place: SqlitePlace): readonly string[] {
  return readdirSync(dirname(place.path)).toSorted();
}

async function countItems(ledger: Ledger): Promise<number> {
  const counts = await ledger.evidenceCounts({});
  return counts.reduce((sum, { items }) => sum + items, 0);
}

/** Every id is there, and the totals are the sum of what is there. */
async function expectAllThere(ledger: Ledger, ids: readonly string[]): Promise<void> {
  const present = new Set<string>();
  let after: string | undefined;
  do {
    const page = await ledger.requests({}, 1_000, after);
    for (const { id } of page.rows) present.add(id);
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(ids.filter((id) => !present.has(id))).toEqual([]);
  const [totals] = await ledger.totals({});
  expect(totals).toMatchObject({
    requests: present.size,
    costNanoUsd: BigInt(present.size) * 1_572_000n,
  });
}

async function withPlace(run: (place: SqlitePlace) => Promise<void>): Promise<void> {
  const place = await makeSqlitePlace();
  const children = running.length;
  try {
    await run(place);
  } finally {
    await Promise.all(running.splice(children).map(kill));
    await place.remove();
  }
}

const running: ChildProcess[] = [];

function start(script: string, parameters: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, ...parameters], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  running.push(child);
  return child;
}

/** Grows as the child prints; after its end it holds every whole line. */
function readIds(child: ChildProcess): readonly string[] {
  const ids: string[] = [];
  let rest = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    ids.push(...lines);
  });
  return ids;
}

async function firstLine(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error("the child's output is piped");
  await once(createInterface(child.stdout), "line");
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}
