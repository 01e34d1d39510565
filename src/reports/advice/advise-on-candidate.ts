import type { CandidateReport } from "../candidates/candidate-report.ts";
import { counted, formatConfidence, formatCount, formatShare } from "../format-number.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import type { Advice } from "./advice.ts";

/** Whether a model that was tried on escalated requests should become a tier before the last one. */
export function adviseOnCandidate(report: CandidateReport, atMost: number): Advice {
  const { says } = report;
  const sentences = {
    add_tier: [whatItCloses(report, atMost), costSentence(report)],
    do_not_add_tier: [tooLittle(report)],
    not_known_yet: [...openSentences(report, atMost), outlook(report)],
  };
  return { rule: "middle_tier", says, sentence: sentences[says].join(" ") };
}

function whatItCloses(
  { model, best, worth, asked, basis }: CandidateReport,
  atMost: number,
): string {
  if (best === null || worth === null) return "";
  const { interval, breakEvenShipRate } = worth;
  return (
    `${model} would close ${formatShare(interval.low)} to ${formatShare(interval.high)} of the ` +
    `escalated requests from ${formatConfidence(best.threshold)} on (asked ${formatCount(asked)}), ` +
    `at most ${Number((atMost * 100).toFixed(3))} % of that ${HARM[basis]}; it pays from ` +
    `${formatShare(breakEvenShipRate)} on.`
  );
}

const HARM = {
  truth: "wrong",
  agreement: "other than the deep answer",
} as const;

function costSentence({ costs }: CandidateReport): string {
  if (costs?.withUsd == null) return "";
  const { withUsd, withoutUsd } = costs;
  return `An escalated request then costs ${usd(withUsd)} instead of ${usd(withoutUsd)}.`;
}

function tooLittle({ model, usable, asked, costs }: CandidateReport): string {
  const each = costs === null ? "" : ` (${usd(costs.candidateUsd)} each)`;
  return (
    `${model} had a usable answer to ${formatCount(usable)} of ` +
    `${counted(asked, "escalated request")}: at any threshold asking it${each} costs more than that ` +
    "spares."
  );
}

function openSentences(report: CandidateReport, atMost: number): readonly string[] {
  const { model, asked, best, worth, costs } = report;
  if (asked === 0) return [`${model} was not asked yet.`];
  if (costs === null) return [`What ${model} costs is not known yet: asked ${formatCount(asked)}.`];
  if (best !== null && worth !== null) return [whatItCloses(report, atMost)];
  const limit = `${Number((atMost * 100).toFixed(3))} % ${HARM[report.basis]}`;
  return [`No threshold of ${model} is proven to keep to ${limit}: asked ${formatCount(asked)}.`];
}

function outlook({ moreItems, asked }: CandidateReport): string {
  if (moreItems === null) return "Judging by these, more of them would not show that it pays.";
  const more =
    asked === 0 ? counted(moreItems, "escalated request") : `${formatCount(moreItems)} more`;
  return asked < MIN_OBSERVATIONS
    ? `It takes at least ${more} to tell.`
    : `About ${more} would tell.`;
}

function usd(dollars: number): string {
  return `$${dollars.toPrecision(3)}`;
}
