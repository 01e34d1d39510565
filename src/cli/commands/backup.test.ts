import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exampleRecord } from "../../cascade/examples.fixture.ts";
import { openLedger } from "../../compose/open-ledger.ts";
import { systemClock } from "../../support/clock.ts";
import { createFakeFolder, type FakeFolder } from "../fake-run.fixture.ts";

let folder: FakeFolder;
beforeAll(() => {
  folder = createFakeFolder({});
});
afterAll(() => {
  folder.remove();
});

function open(file: string): ReturnType<typeof openLedger> {
  return openLedger({ url: `sqlite:${join(folder.path, file)}`, spillBytes: 1e8 }, systemClock);
}

test("copies a ledger that is in use, and never over another file", async () => {
  const ledger = await open("ledger.db");
  await ledger.append([{ kind: "request", record: exampleRecord({ id: "req_kept" }) }]);
  const run = await folder.run(["backup", "copy.db"]);
  expect(run).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^Wrote copy\.db, /) });
  await ledger.close();

  const copy = await open("copy.db");
  expect(await copy.request("req_kept")).toMatchObject({ id: "req_kept" });
  await copy.close();
  expect(await folder.run(["backup", "copy.db"])).toMatchObject({ exitCode: 1, out: "" });
});

test("without a ledger there is nothing to copy", async () => {
  const empty = createFakeFolder({});
  const run = await empty.run(["backup", "copy.db"]);
  expect(run).toMatchObject({ exitCode: 1, notes: expect.stringContaining("no ledger") });
  empty.remove();
});
