import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteLedger, systemClock } from "leadsman";
import { afterEach, beforeEach, expect, test } from "vitest";
import { HAIKU, OPUS, ask, simulatedCascade, verdict, writes } from "./simulated-cascade.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leadsman-compare-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a function of one's own compares the answers of a sample", async () => {
  const ledger = await openSqliteLedger({ path: join(folder, "ledger.db"), clock: systemClock });
  const seen: string[][] = [];
  const { cascade, close } = simulatedCascade({
    ledger,
    sampling: { shadow: 1 },
    compare: (cheap, deep) => {
      seen.push([cheap, deep]);
      return cheap.length === deep.length;
    },
  });
  const texts = writes({ [HAIKU]: verdict(0.9, "abc"), [OPUS]: "xyz" });
  const { receipt } = await cascade.messages.create(ask("Hi"), texts);
  await expect
    .poll(async () => (await ledger.evidenceOf(receipt.id))[0]?.differs, { timeout: 5_000 })
    .toBe(false);
  expect(seen).toEqual([["abc", "xyz"]]);
  await close();
  await ledger.close();
});
