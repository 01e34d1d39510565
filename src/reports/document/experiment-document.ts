import type { ExperimentReport, RouteExperiment } from "../experiment/experiment-report.ts";
import { formatConfidence, formatCount, formatTime } from "../format-number.ts";
import { armSections } from "./experiment-arm-sections.ts";
import { pairedSection, sampleSection } from "./experiment-sample-sections.ts";
import type { ReportDocument, ReportPart } from "./report-document.ts";

/** An experiment in words and tables: for each route first whether the sample can be believed. */
export function experimentDocument(report: ExperimentReport): ReportDocument {
  const span = `${formatTime(report.fromMs)} to ${formatTime(report.toMs)}`;
  const isSimulated = report.routes.some((route) => route.isSimulated);
  return {
    title: "Leadsman experiment: the cascade against the deep model alone",
    subtitle: report.routes.length === 0 ? `No route was recorded from ${span}.` : span,
    warnings: isSimulated ? ["SIMULATED: answers are made up, prices are the catalogue's."] : [],
    parts: report.routes.map(describeRoute),
  };
}

function describeRoute(route: RouteExperiment): ReportPart {
  const { requests, isComplete, thresholds, sample } = route;
  const share = sample.controlShare;
  return {
    title: `Route ${route.route}`,
    facts: [
      ["requests", `${formatCount(requests)}${isComplete ? "" : " (the newest; there are more)"}`],
      [
        "control",
        share === null ? "no arm: `sampling.control` was 0" : `${percentOf(share)} drawn`,
      ],
      ["threshold", describeThresholds(thresholds)],
    ],
    sections: [sampleSection(route), pairedSection(route), ...armSections(route)],
  };
}

function describeThresholds(thresholds: readonly number[]): string {
  if (thresholds.length === 0) return "none in force";
  const all = thresholds.map(formatConfidence).join(", ");
  return thresholds.length === 1
    ? all
    : `${all}: more than one was in force, so the cascade is a mixture of them`;
}

function percentOf(share: number): string {
  return `${Number((share * 100).toFixed(3))} %`;
}
