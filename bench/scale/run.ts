/**
 * How much data a ledger takes in and still answers from. Prints each figure with its limit; exits 1
 * when one is missed. `--only WORD` measures the figures whose name holds the word, `--json` prints
 * them as one object on stdout.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gradedMillion } from "./graded-million.ts";
import { importBesideWriter } from "./import-beside-writer.ts";
import { importRates } from "./import-rates.ts";
import { measureStatus } from "./measure-status.ts";
import { isMissed, renderScaleFigure } from "./scale-figure.ts";
import type { ScaleFigure } from "./scale-figure.ts";

const { values } = parseArgs({ options: { only: { type: "string" }, json: { type: "boolean" } } });
const wants = (name: string): boolean => values.only === undefined || name.includes(values.only);

const machine = {
  node: process.version,
  cpu: `${String(cpus().length)} × ${cpus()[0]?.model ?? "?"}`,
  load: loadavg()[0] ?? 0,
  at: new Date().toISOString(),
};
console.error(
  `Node ${machine.node}, ${machine.cpu}, load ${machine.load.toFixed(2)}, ${machine.at}\n`,
);
const folder = mkdtempSync(join(tmpdir(), "leadsman-scale-"));
const figures: ScaleFigure[] = [];
try {
  for (const measure of [importRates, importBesideWriter, gradedMillion, measureStatus]) {
    for (const figure of await measure(folder, wants)) {
      figures.push(figure);
      if (values.json !== true) console.log(renderScaleFigure(figure));
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (figures.length === 0) throw new Error(`No figure has "${values.only ?? ""}" in its name`);
if (values.json === true) {
  const told = figures.map((figure) => ({ ...figure, isMissed: isMissed(figure) }));
  console.log(JSON.stringify({ machine, figures: told }, null, 2));
}
process.exitCode = figures.some(isMissed) ? 1 : 0;
