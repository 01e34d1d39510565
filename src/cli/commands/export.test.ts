import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exampleRecord } from "../../cascade/examples.fixture.ts";
import { openLedger } from "../../compose/open-ledger.ts";
import { systemClock } from "../../support/clock.ts";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";
import { createFakeIo } from "../fake-io.fixture.ts";
import { runCommandLine } from "../main.ts";

const COUNT = 450;
const START_MS = Date.UTC(2026, 10, 20);

let folder: FakeFolder;
beforeAll(async () => {
  folder = createFakeFolder({});
  const url = `sqlite:${join(folder.path, "ledger.db")}`;
  const ledger = await openLedger({ url, spillBytes: 1e8 }, systemClock);
  const bytes = Buffer.from("the prompt");
  await ledger.append([
    ...Array.from({ length: COUNT }, (_, index) => ({
      kind: "request" as const,
      record: exampleRecord({
        id: `req_${String(index).padStart(4, "0")}`,
        startedAtMs: START_MS + index * 60_000,
        route: index % 3 === 0 ? "support" : "mail",
      }),
    })),
    { kind: "body", body: { requestId: "req_0000", part: "request", bytes } },
  ]);
  await ledger.close();
});
afterAll(() => {
  folder.remove();
});

async function exported(...options: string[]): Promise<readonly string[]> {
  const run = await folder.run(["export", ...options]);
  expect(run.exitCode).toBe(0);
  return run.out.split("\n").slice(0, -1);
}

test("every request once, newest first, money as digits", async () => {
  const lines = await exported();
  const records: readonly { id: string; attempts: { costNanoUsd: string }[] }[] = JSON.parse(
    `[${lines.join(",")}]`,
  );
  const ids = records.map(({ id }) => id);
  expect(ids).toHaveLength(COUNT);
  expect(ids).toEqual([...ids].sort().reverse());
  expect(new Set(ids).size).toBe(COUNT);
  expect(records[0]?.attempts[0]?.costNanoUsd).toBe("1500000");
});

test.each([
  [["--route", "support"], COUNT / 3],
  [["--from", "2026-11-20T01:00Z", "--to", "2026-11-20T02:00Z"], 60],
  [["--from", "2026-11-20T07:00Z", "--route", "mail"], 20],
  [["--to", "2026-11-20"], 0],
])("%j gives %d", async (options, count) => {
  expect(await exported(...options)).toHaveLength(count);
});

test("csv has a heading and a line per request", async () => {
  const lines = await exported("--format", "csv");
  expect(lines).toHaveLength(COUNT + 1);
  expect(lines[0]).toMatch(/^id,started_at,route,/);
  expect(lines[1]).toMatch(/^req_0449,2026-11-20T07:29:00\.000Z,mail,/);
});

test("bodies come only when asked for", async () => {
  const options = ["--to", "2026-11-20T00:01Z"];
  const [plain, full] = [await exported(...options), await exported(...options, "--bodies")];
  const records: unknown = JSON.parse(`[${[...plain, ...full].join(",")}]`);
  expect(records).toMatchObject([{ bodies: null }, { bodies: { request: "the prompt" } }]);
});

test("a route that is unknown and has no records is doubted", async () => {
  const run = await folder.run(["export", "--route", "defalt"]);
  expect(run).toMatchObject({ exitCode: 2, out: "" });
  expect(run.notes).toContain('Did you mean "default"?');
});

test("stops when the reader has left or the user interrupts", async () => {
  const gone = createFakeIo({ workingDirectory: folder.path });
  const io = { ...gone.io, flush: async () => false };
  expect(await runCommandLine(["export"], io)).toBe(0);
  expect(gone.out().split("\n").length - 1).toBe(200);

  const stopped = createFakeIo({ workingDirectory: folder.path });
  stopped.interrupt();
  expect(await runCommandLine(["export"], stopped.io)).toBe(130);
  expect(stopped.out().split("\n").length - 1).toBe(200);
});
