/**
 * Compares our alarm on wrong answers with rules that others use, on the same simulated grades, and
 * our level for storms with that of one class alone. Prints the tables of docs/evidence.md; the same
 * seed gives the same figures. `--streams 1000` simulates so many streams a rate, `--seed WORD` others.
 */
import { parseArgs } from "node:util";
import {
  BAD,
  compareAlarms,
  QUIET,
  QUIET_GRADES,
  TARGET,
  type DelayFigures,
  type RuleFigures,
} from "./compare-alarms.ts";
import { compareStorms, STORMS, type StormFigures } from "./compare-storms.ts";

const { values } = parseArgs({
  options: {
    streams: { type: "string", default: "1000" },
    seed: { type: "string", default: "leadsman" },
  },
});
const figures = compareAlarms(values.seed, Number(values.streams));
const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`;
console.log(
  `Target ${percent(TARGET)}; ${values.streams} streams a rate, seed "${values.seed}".\n`,
);
printTable(
  `false alarms in ${QUIET_GRADES.toLocaleString("en-US")} grades at a true rate of`,
  QUIET,
  ({ falseAlarms }) => falseAlarms.map((mean) => mean.toFixed(mean < 0.1 ? 3 : 1)),
);
console.log("");
printTable("grades until it is told (median, nine in ten) at a true rate of", BAD, ({ delays }) =>
  delays.map(describeDelay),
);
console.log("");
printStorms(compareStorms(values.seed, Number(values.streams)));

function printStorms(levels: readonly StormFigures[]): void {
  const heads = STORMS.map(({ subject, rate }) => `${subject} at ${percent(rate)}`);
  console.log(
    `| requests of it until a storm is told (median, nine in ten; named so) | ${heads.join(" | ")} |`,
  );
  console.log(`|---|${heads.map(() => "---:").join("|")}|`);
  for (const { name, storms } of levels) {
    const cells = storms.map(({ median, slow, named }) => `${median}, ${slow}; ${percent(named)}`);
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
}

function describeDelay({ median, slow, unseen }: DelayFigures): string {
  if (median === Infinity) return `not told in ${unseen} of ${values.streams}`;
  return `${median}, ${slow === Infinity ? "never" : slow}`;
}

function printTable(
  title: string,
  multiples: readonly number[],
  cellsOf: (figures: RuleFigures) => readonly string[],
): void {
  const rates = multiples.map((multiple) => percent(multiple * TARGET));
  console.log(`| ${title} | ${rates.join(" | ")} |`);
  console.log(`|---|${rates.map(() => "---:").join("|")}|`);
  for (const rule of figures) console.log(`| ${rule.name} | ${cellsOf(rule).join(" | ")} |`);
}
