// Receipts that outlive the process, and a sum of them.
//   npx node examples/library/ledger.ts
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCascade, createSimulatedProvider, formatUsdExact } from "leadsman";
import { openSqliteLedger, receiptOf, systemClock } from "leadsman";

const path = join(mkdtempSync(join(tmpdir(), "leadsman-example-")), "ledger.db");
const ledger = await openSqliteLedger({ path, clock: systemClock });
const tiers = ["claude-haiku-4-5", "claude-opus-4-7"];
const cascade = createCascade({ tiers, provider: createSimulatedProvider({}), ledger });

for (const content of ["How long may I return it?", "Why was I charged twice?"]) {
  await cascade.messages.create({ max_tokens: 500, messages: [{ role: "user", content }] });
}
await cascade.close();

let sum = 0n;
for (const record of (await ledger.requests({}, 100)).rows) {
  sum += receiptOf(record).costNanoUsd ?? 0n;
}
console.log(`${formatUsdExact(sum)} in ${path}`);
await ledger.close();
