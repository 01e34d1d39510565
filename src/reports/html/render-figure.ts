import type { ReportFigure } from "../document/report-figure.ts";
import { costRiskPlot } from "./cost-risk-plot.ts";
import { differencesPlot } from "./differences-plot.ts";
import { latencyPlot } from "./latency-plot.ts";
import { reliabilityPlot } from "./reliability-plot.ts";
import { riskCoveragePlot } from "./risk-coverage-plot.ts";
import { savingsPlot } from "./savings-plot.ts";
import { sharesPlot } from "./shares-plot.ts";
import { statedPlot } from "./stated-plot.ts";

/** A picture of a section and its caption. */
export interface RenderedFigure {
  readonly svg: string;
  /** Plain text. */
  readonly caption: string;
}

/**
 * Draws a figure; null when there is nothing to draw.
 *
 * @param id unique on the page
 * @param finding what the picture says, for its title
 */
export function renderFigure(
  figure: ReportFigure,
  id: string,
  finding: string,
): RenderedFigure | null {
  if (isEmpty(figure)) return null;
  const caption = CAPTIONS[figure.kind];
  const text = { id, title: finding, description: caption };
  return { svg: draw(figure, text), caption };
}

const CAPTIONS: Readonly<Record<ReportFigure["kind"], string>> = {
  reliability:
    "Share of right answers at each stated confidence. Areas go by the number of grades, bars are " +
    "exact 95 % intervals; values with fewer than ten grades are grey.",
  risk_coverage:
    "Wrong of what ships at each threshold (marks, with 95 % intervals). Only marks can be chosen: " +
    "between them answers tie, and the band holds every order of a tie. The diamond is in force; " +
    "grey marks have too few grades for an interval.",
  cost_risk:
    "Each threshold by its cost and by what goes wrong, with 95 % intervals. Further down and to " +
    "the left is better. The diamond is in force. Costs are projections.",
  stated:
    "How many triages stated which confidence. Filled bars are at or above the threshold and ship, " +
    "outlined ones escalate.",
  shares: "Estimates with 95 % intervals, held against what is allowed.",
  savings: "From what shipping saved to what is left of it. Amounts are sums of receipts.",
  latency: "Time to the end of the answer, with 95 % intervals, by decision.",
  differences: "Items on which the two answers differ, by which of them was right.",
};

function isEmpty(figure: ReportFigure): boolean {
  switch (figure.kind) {
    case "reliability":
      return figure.bars.length === 0;
    case "risk_coverage":
      return figure.points.length === 0;
    case "cost_risk":
      return !figure.points.some(
        ({ savedShare, wrong }) => savedShare !== null && wrong.share !== null,
      );
    case "stated":
      return figure.atoms.length === 0;
    case "shares":
      return !figure.rows.some(({ share }) => share !== null);
    case "savings":
      return figure.steps.length === 0;
    case "latency":
      return !figure.paths.some(({ total }) => total.p50Ms !== null);
    case "differences":
      return figure.graded.length === 0;
  }
}

function draw(figure: ReportFigure, text: Parameters<typeof reliabilityPlot>[1]): string {
  switch (figure.kind) {
    case "reliability":
      return reliabilityPlot(figure.bars, text);
    case "risk_coverage":
      return riskCoveragePlot(figure.points, figure.shuffledShare, text);
    case "cost_risk":
      return costRiskPlot(figure.points, figure.limit, text);
    case "stated":
      return statedPlot(figure.atoms, figure.threshold, text);
    case "shares":
      return sharesPlot(figure, text);
    case "savings":
      return savingsPlot(figure.steps, text);
    case "latency":
      return latencyPlot(figure.paths, text);
    case "differences":
      return differencesPlot(figure.graded, text);
  }
}
