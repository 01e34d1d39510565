/**
 * Puts the promises of the statistics to the test by simulation: worlds whose truth is known, drawn
 * from a seed, on two worker threads. Prints each figure with its limit and exits 1 when one is
 * missed. `--only V4` runs one experiment, `--seed WORD` draws other worlds.
 */
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { ExperimentOrder, ExperimentOutcome } from "./experiment-worker.ts";
import type { ValidationFigure } from "./experiment.ts";
import { EXPERIMENTS } from "./experiments.ts";

const WORKERS = 2;

const { values } = parseArgs({
  options: { only: { type: "string" }, seed: { type: "string", default: "leadsman" } },
});
const chosen = EXPERIMENTS.filter(({ id }) => values.only === undefined || id === values.only);
const waiting = [...chosen];
const outcomes = new Map<string, ExperimentOutcome>();
const begin = performance.now();

await Promise.all(Array.from({ length: Math.min(WORKERS, chosen.length) }, serveQueue));

let missed = chosen.length === 0 ? 1 : 0;
for (const { id, claim } of chosen) {
  const outcome = outcomes.get(id);
  console.log(`\n${id}  ${claim}  (${outcome?.seconds.toFixed(1) ?? "?"} s)`);
  for (const figure of outcome?.figures ?? []) {
    if (!figure.holds) missed += 1;
    console.log(`    ${renderFigure(figure)}`);
  }
}
const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
console.log(
  missed === 0
    ? `\nAll figures of ${chosen.length} experiments keep their limits (${seconds} s).`
    : `\n${missed} figures missed their limits, or nothing was run (${seconds} s).`,
);
process.exitCode = missed === 0 ? 0 : 1;

/** Gives one worker an experiment after the other until none is left. */
async function serveQueue(): Promise<void> {
  const worker = new Worker(new URL("./experiment-worker.ts", import.meta.url));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { promise, resolve, reject } = Promise.withResolvers<ExperimentOutcome>();
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.postMessage({ id: next.id, seed: values.seed } satisfies ExperimentOrder);
    outcomes.set(next.id, await promise);
    worker.removeListener("error", reject);
  }
  await worker.terminate();
}

function renderFigure({ name, value, limit, wanted, holds }: ValidationFigure): string {
  const side = wanted === "at most" ? "≤" : "≥";
  return `${name.padEnd(88)} ${round(value).padStart(9)} ${side} ${round(limit).padEnd(9)} ${holds ? "ok" : "MISSED"}`;
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
