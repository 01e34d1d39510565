import type { ReportFigure } from "../../src/reports/document/report-figure.ts";
import { describeCalibration } from "../../src/reports/evidence/calibration-report.ts";
import { exampleTriages, gradedCounts } from "../../src/reports/evidence/evidence-count.fixture.ts";
import { describeRiskCoverage } from "../../src/reports/evidence/risk-coverage-report.ts";
import { meanCosts } from "../../src/reports/evidence/ship-share.ts";
import { truthSample } from "../../src/reports/evidence/truth-sample.ts";
import { wholeRangeCells } from "../../src/reports/evidence/whole-range-cells.ts";
import { PLOT_STYLE } from "../../src/reports/html/page-style.ts";
import { renderFigure } from "../../src/reports/html/render-figure.ts";

/** What is drawn in `docs/reading-a-report.md`. */
export type ExamplePlot = "reliability" | "risk_coverage" | "cost_risk";

/** A plot of a made-up route as a file of its own, drawn by what draws those of a report. */
export function renderExamplePlot(plot: ExamplePlot): string {
  const drawn = renderFigure(exampleFigures()[plot], "example", "A made-up route.");
  if (drawn === null) throw new Error(`Wanted something to draw for ${plot}.`);
  const ground = '<rect width="100%" height="100%" style="fill: var(--ground)"/>';
  return `${drawn.svg
    .replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" width="440" ')
    .replace("</desc>", `</desc>\n<style>\n${PLOT_STYLE}\n</style>\n${ground}\n`)}\n`;
}

/** Stated confidence, right answers, wrong ones. Invented: a model that is a little too sure. */
const GRADED = [
  [0.99, 146, 4],
  [0.95, 122, 8],
  [0.9, 71, 9],
  [0.8, 44, 11],
  [0.7, 26, 14],
  [0.5, 4, 5],
] as const;

const THRESHOLD = 0.9;
const PROMISED = { atMost: 0.05, failureProbability: 0.05 };

function exampleFigures(): Readonly<Record<ExamplePlot, ReportFigure>> {
  const counts = GRADED.flatMap(([confidence, right, wrong]) =>
    gradedCounts(confidence, right, wrong),
  );
  const triages = GRADED.map(([confidence, right, wrong]) =>
    exampleTriages(3 * (right + wrong), { confidence }),
  );
  const { cells } = truthSample(counts);
  const range = wholeRangeCells(cells);
  const risk = describeRiskCoverage(
    { counts, triages, target: "joint", promised: PROMISED, readFrom: null },
    range,
    { threshold: THRESHOLD, costs: meanCosts(counts) },
  );
  const points = risk?.points ?? [];
  return {
    reliability: { kind: "reliability", bars: describeCalibration(cells, range).bars },
    risk_coverage: { kind: "risk_coverage", points, shuffledShare: risk?.shuffled.share ?? null },
    cost_risk: {
      kind: "cost_risk",
      points,
      limit: { target: "joint", atMost: PROMISED.atMost },
    },
  };
}
