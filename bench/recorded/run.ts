/**
 * Holds the promises against recorded answers of real models: draws calibration rows many times,
 * lets each rule choose a threshold, and counts how often it breaks its target. Prints a report as
 * Markdown; exits 1 when a rule that promises is broken more often than allowed by more than three
 * standard errors.
 *
 * `--data FOLDER` holds the sets as `*.jsonl.gz` or `*.jsonl` (default `../shared/data`), `--draws N`
 * per cell (default 400), `--seed WORD` for other draws. Without the folder nothing is measured.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "../../src/support/random.ts";
import {
  bestInHindsight,
  drawCalibrations,
  effectOf,
  type RuleOutcome,
} from "./calibration-draws.ts";
import { readRecordedSet } from "./read-recorded-set.ts";
import type { RecordedSet } from "./recorded-row.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data" },
    draws: { type: "string", default: "400" },
    seed: { type: "string", default: "leadsman" },
  },
});
const USUAL_THRESHOLDS = [0.5, 0.7, 0.8, 0.9, 0.95];
const CALIBRATION_ROWS = [200, 500, 1_000];
const TARGET = { atMost: 0.05, failureProbability: 0.05 };
/** Of a smaller set too little would be left to look at. */
const LEAST_REST = 100;

const draws = Number(values.draws);
const names = existsSync(values.data)
  ? readdirSync(values.data).filter((name) => /\.jsonl(\.gz)?$/.test(name))
  : [];
if (names.length === 0) {
  console.log(
    `Skipped: wanted recorded answers as *.jsonl.gz in ${values.data}, found none. ` +
      "Nothing was measured.",
  );
} else {
  let broken = 0;
  for (const name of names.toSorted()) {
    broken += reportSet(await readRecordedSet(name, join(values.data, name)));
  }
  console.log(
    broken === 0 ? "\nEvery promise was kept." : `\n${String(broken)} promises were broken.`,
  );
  process.exitCode = broken === 0 ? 0 : 1;
}

/** @returns how many promises were broken too often */
function reportSet({ name, rows, repeats, unlabelled }: RecordedSet): number {
  console.log(
    `\n## ${name}\n\n${String(rows.length)} rows, ${String(repeats)} repeats and ` +
      `${String(unlabelled)} rows without a label left out.\n`,
  );
  if (rows.length === 0) return 0;
  console.log(
    "| threshold | escalates | wrong of shipped | accuracy | as many shipped at random |",
  );
  console.log("|---|---:|---:|---:|---:|");
  const best = bestInHindsight(rows, TARGET.atMost);
  const thresholds = [...new Set([...USUAL_THRESHOLDS, ...(best === null ? [] : [best])])];
  for (const threshold of [...thresholds.toSorted((a, b) => a - b), null]) {
    const effect = effectOf(rows, threshold);
    const title = threshold === null ? "all deep" : String(threshold);
    const cells = [
      threshold !== null && threshold === best ? `${title} (best in hindsight)` : title,
      percent(effect.escalationRate),
      percent(effect.falseConfidentRate),
      percent(effect.accuracy),
      percent(effect.shuffledAccuracy),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
  const random = createRandom(`${values.seed} ${name}`);
  let broken = 0;
  for (const calibrationRows of CALIBRATION_ROWS) {
    if (rows.length < calibrationRows + LEAST_REST) continue;
    const outcomes = drawCalibrations(rows, { calibrationRows, draws, target: TARGET }, random);
    console.log(`\n${String(calibrationRows)} calibration rows, ${String(draws)} draws:\n`);
    console.log("| rule | breaks its target | on the rest | escalates | finds nothing | |");
    console.log("|---|---:|---:|---:|---:|---|");
    for (const outcome of outcomes) {
      const isBroken = outcome.rule.isPromise && breaksPromise(outcome);
      if (isBroken) broken += 1;
      console.log(`| ${cellsOf(outcome, isBroken).join(" | ")} |`);
    }
  }
  return broken;
}

function breaksPromise({ broken, draws: all }: RuleOutcome): boolean {
  const { failureProbability } = TARGET;
  const error = Math.sqrt((failureProbability * (1 - failureProbability)) / all);
  return broken / all > failureProbability + 3 * error;
}

function cellsOf(outcome: RuleOutcome, isBroken: boolean): readonly string[] {
  const { rule, draws: all, broken, brokenOnRest, escalationRate, gaveUp } = outcome;
  const verdict = isBroken ? "BROKEN" : rule.isPromise ? "kept" : "promises nothing";
  const shares = [broken / all, brokenOnRest / all, escalationRate, gaveUp / all].map(percent);
  return [rule.name, ...shares, verdict];
}

function percent(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(1)} %`;
}
