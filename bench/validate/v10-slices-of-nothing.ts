import type { SliceRow } from "../../src/statistics/feature-table.ts";
import { findSlices } from "../../src/statistics/slice-search.ts";
import type { Random } from "../../src/support/random.ts";
import { failureLimit, figureAtLeast, figureAtMost, type Experiment } from "./experiment.ts";

const ROWS = 1_500;
const DATA_SETS = 500;
const WRONG_SHARE = 0.04;

export const SLICES_OF_NOTHING: Experiment = {
  id: "V10",
  claim: "Where errors fall at random, slices are listed and proven as seldom as said.",
  run: (random) => {
    let listed = 0;
    let proven = 0;
    let tested = 0;
    for (let i = 0; i < DATA_SETS; i += 1) {
      // Without the rule on parents, which would hide false findings.
      const report = findSlices(
        drawRows(random, () => WRONG_SHARE),
        { minGain: -1 },
      );
      tested += report.tested;
      if (report.slices.length > 0) listed += 1;
      if (report.slices.some(({ isProven }) => isProven)) proven += 1;
    }
    let found = 0;
    const planted = 400;
    for (let i = 0; i < planted; i += 1) {
      const { slices } = findSlices(
        drawRows(random, (features) => (features.includes("word:0") ? 0.2 : WRONG_SHARE)),
      );
      if (slices.some(({ features }) => features.includes("word:0"))) found += 1;
    }
    return [
      figureAtLeast("slices tested in a data set", tested / DATA_SETS, 100),
      figureAtMost(
        "data sets with any false proof",
        proven / DATA_SETS,
        failureLimit(0.05, DATA_SETS),
      ),
      figureAtMost(
        "data sets with any false listing",
        listed / DATA_SETS,
        failureLimit(0.1, DATA_SETS),
      ),
      figureAtLeast(
        "planted slices of 75 rows at five times the error that are found",
        found / planted,
        0.85,
      ),
    ];
  },
};

/** Languages, lengths, confidences and one word of twenty: each row has one feature of each kind. */
function drawRows(
  random: Random,
  wrongShareOf: (features: readonly string[]) => number,
): readonly SliceRow[] {
  const pick = (kind: string, count: number): string => `${kind}:${Math.floor(random() * count)}`;
  return Array.from({ length: ROWS }, (_, i) => {
    const features = [
      ...[pick("language", 5), pick("length", 3), pick("confidence", 6)],
      ...[pick("word", 20), pick("route", 4)],
    ];
    return { id: String(i), features, isWrong: random() < wrongShareOf(features) };
  });
}
