import type { CandidateReport } from "../candidates/candidate-report.ts";
import type { RouteEvidence } from "../evidence/build-evidence-report.ts";
import { counted, formatConfidence, formatShare } from "../format-number.ts";
import { countCell, describeRange, shareCell, wrongCell } from "./describe-share.ts";
import type { ReportCell, ReportSection } from "./report-document.ts";
import { textCell } from "./report-document.ts";

/** Whether a model that is tried beside the route would pay as a tier; nothing without one. */
export function candidateSections({ candidates }: RouteEvidence): readonly ReportSection[] {
  if (candidates.length === 0) return [];
  const added = candidates.filter(({ says }) => says === "add_tier");
  const names = added.map(({ model }) => model).join(", ");
  return [
    {
      id: "candidates",
      question: "Would a middle tier pay?",
      answer:
        added.length > 0
          ? `${names} would: see the advice.`
          : candidates.every(({ says }) => says === "do_not_add_tier")
            ? "No."
            : "Not known yet.",
      table: {
        columns: [
          { title: "candidate", isNumber: false },
          { title: "asked", isNumber: true },
          { title: "threshold", isNumber: true },
          { title: "would close", isNumber: true },
          { title: "pays from", isNumber: true },
          { title: "differs", isNumber: true },
          { title: "wrong", isNumber: true },
          { title: "asking costs", isNumber: true },
          { title: "per escalated, without", isNumber: true },
          { title: "with", isNumber: true },
          { title: "decision", isNumber: false },
        ],
        rows: candidates.map(rowOf),
      },
      notes: [
        "Of escalated requests, drawn at random, beside the answers that the clients got. What differs " +
          "and what is wrong is of what it would close or, with no threshold proven, of all its answers.",
        "The threshold is the lowest that is proven to keep the route's promise in one look; whoever " +
          "adds the tier lets `leadsman tune` certify it.",
      ],
    },
  ];
}

function rowOf(report: CandidateReport): readonly ReportCell[] {
  const { model, asked, best, worth, differences, wrong, costs, says } = report;
  return [
    textCell(model),
    countCell(asked),
    best === null
      ? { text: "none proven", value: null }
      : { text: formatConfidence(best.threshold), value: best.threshold },
    closesCell(report),
    worth === null
      ? { text: "–", value: null }
      : { text: formatShare(worth.breakEvenShipRate), value: worth.breakEvenShipRate },
    shareCell(
      differences.share,
      differences.interval,
      `not known yet (${differences.differing} of ${differences.compared})`,
    ),
    wrongCell(wrong),
    usdCell(costs?.candidateUsd ?? null),
    usdCell(costs?.withoutUsd ?? null),
    usdCell(costs?.withUsd ?? null),
    { text: describeDecision(report), value: says },
  ];
}

function closesCell({ worth, best, asked }: CandidateReport): ReportCell {
  if (best === null || worth === null) return { text: "–", value: null };
  const share = best.closes / asked;
  return { text: `${formatShare(share)} (${describeRange(worth.interval)})`, value: share };
}

function usdCell(dollars: number | null): ReportCell {
  return dollars === null
    ? { text: "not known yet", value: null }
    : { text: `$${dollars.toPrecision(3)}`, value: dollars };
}

function describeDecision({ says, moreItems }: CandidateReport): string {
  if (says === "add_tier") return "add";
  if (says === "do_not_add_tier") return "do not add";
  return moreItems === null
    ? "not known yet"
    : `not known yet, about ${counted(moreItems, "more", "more")}`;
}
