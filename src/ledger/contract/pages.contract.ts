import { expect, test } from "vitest";
import type { Ledger, Page, RequestFilter } from "../ledger.ts";
import { withLedger } from "./ledger-place.fixture.ts";
import type { MakePlace } from "./ledger-place.fixture.ts";
import { HOUR_MS, START_MS, pairOf, recordOf, requestEntry } from "./records.fixture.ts";

/** Reads ids page by page; the two paged reads promise the same. */
type ReadIds = (
  ledger: Ledger,
  filter: RequestFilter,
  limit: number,
  after?: string,
) => Promise<Page<string>>;

const READS: readonly (readonly [string, ReadIds])[] = [
  [
    "requests",
    async (ledger, filter, limit, after) => {
      const { rows, next } = await ledger.requests(filter, limit, after);
      return { rows: rows.map(({ id }) => id), next };
    },
  ],
  [
    "pairs",
    async (ledger, filter, limit, after) => {
      const { rows, next } = await ledger.pairs(filter, limit, after);
      return { rows: rows.map(({ requestId }) => requestId), next };
    },
  ],
];

/** Pages go on after a key, newest first. */
export function describePages(makePlace: MakePlace): void {
  for (const [name, read] of READS) {
    test.each([1, 2, 7, 25, 26, 1000])(`${name} in pages of %i come each once, newest first`, (n) =>
      withLedger(makePlace, async (ledger) => {
        await writeMany(ledger, 25);
        expect(await readAll(read, ledger, {}, n)).toEqual(idsDown(24, 0));
      }),
    );

    test(`${name} that come in meanwhile neither shift nor repeat later pages`, () =>
      withLedger(makePlace, async (ledger) => {
        await writeMany(ledger, 10);
        const first = await read(ledger, {}, 4);
        await write(ledger, "newer", START_MS + HOUR_MS);
        await write(ledger, "older", START_MS - 1);
        const second = await read(ledger, {}, 4, first.next ?? "none");
        const third = await read(ledger, {}, 4, second.next ?? "none");
        expect([...first.rows, ...second.rows]).toEqual(idsDown(9, 2));
        expect(third).toEqual({ rows: ["id_01", "id_00", "older"], next: null });
      }));

    test(`${name} of one moment are told apart by their ids`, () =>
      withLedger(makePlace, async (ledger) => {
        for (const id of ["b:1", "a", "c"]) await write(ledger, id, START_MS);
        expect(await readAll(read, ledger, {}, 1)).toEqual(["c", "b:1", "a"]);
      }));

    test(`${name} can be read of one route and one stretch of time`, () =>
      withLedger(makePlace, async (ledger) => {
        await writeMany(ledger, 12);
        const stretch = { fromMs: START_MS + 3, toMs: START_MS + 9 };
        expect(await readAll(read, ledger, stretch, 2)).toEqual(idsDown(8, 3));
        expect(await readAll(read, ledger, { ...stretch, route: "even" }, 2)).toEqual([
          "id_08",
          "id_06",
          "id_04",
        ]);
        expect(await readAll(read, ledger, { route: "nobody" }, 2)).toEqual([]);
      }));

    test(`${name}: a limit or cursor that cannot be is refused`, () =>
      withLedger(makePlace, async (ledger) => {
        for (const limit of [0, -1, 1.5, 1_001, Number.NaN]) {
          await expect(read(ledger, {}, limit)).rejects.toMatchObject({ code: "invalid_page" });
        }
        for (const cursor of ["", "next", ":id", "' OR 1 = 1 --"]) {
          await expect(read(ledger, {}, 1, cursor)).rejects.toMatchObject({
            code: "invalid_page",
          });
        }
      }));
  }
}

async function readAll(
  read: ReadIds,
  ledger: Ledger,
  filter: RequestFilter,
  limit: number,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await read(ledger, filter, limit, after);
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    ids.push(...page.rows);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return ids;
}

/** Records and pairs one millisecond apart, on two routes in turn, written in no order. */
async function writeMany(ledger: Ledger, count: number): Promise<void> {
  for (let step = 0; step < count; step += 1) {
    // 7 shares no divisor with the counts used here, so each index comes once.
    const index = (step * 7) % count;
    await write(ledger, idOf(index), START_MS + index, index % 2 === 0 ? "even" : "odd");
  }
}

async function write(ledger: Ledger, id: string, atMs: number, route = "even"): Promise<void> {
  await ledger.append([
    requestEntry(recordOf(id, { startedAtMs: atMs, route })),
    { kind: "pair", pair: pairOf(id, { createdAtMs: atMs, route }) },
  ]);
}

function idsDown(from: number, to: number): readonly string[] {
  return Array.from({ length: from - to + 1 }, (_, step) => idOf(from - step));
}

function idOf(index: number): string {
  return `id_${String(index).padStart(2, "0")}`;
}
