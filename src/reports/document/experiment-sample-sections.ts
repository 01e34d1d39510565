import type { RouteExperiment } from "../experiment/experiment-report.ts";
import type { PairedCount, PairedReadOut } from "../experiment/paired-read-out.ts";
import type { ArmSize, SampleHealth } from "../experiment/sample-health.ts";
import { counted, formatCount, formatShare } from "../format-number.ts";
import { countCell, describeRange, observedCell, plainPercent } from "./describe-share.ts";
import type { ReportCell, ReportSection } from "./report-document.ts";
import { textCell } from "./report-document.ts";

/** Whether anything below can be believed. */
export function sampleSection({ sample }: RouteExperiment): ReportSection {
  const { control, cascade, controlShare, ratioP, kinds, uneven, otherShares } = sample;
  const units = control.units + cascade.units;
  const row = (name: string, size: ArmSize, meant: number | null): readonly ReportCell[] => [
    textCell(name),
    countCell(size.requests),
    countCell(size.units),
    ofUnits(size.units, units),
    meant === null ? UNKNOWN : { text: plainPercent(meant), value: meant },
    observedCell(size.answered),
  ];
  return {
    id: "sample",
    question: "Can this sample be believed?",
    answer: describeState(sample),
    table: {
      columns: [
        { title: "arm", isNumber: false },
        ...["requests", "units", "share of units", "configured", "answered"].map(number),
      ],
      rows: [
        row("control", control, controlShare),
        row("cascade", cascade, controlShare === null ? null : 1 - controlShare),
      ],
    },
    notes: [
      "A unit is a user where one was given, else a request (equal bodies are one). Requests of a unit " +
        "are in one arm, so units are what is counted as observations.",
      ...(ratioP === null ? [] : [`Share of control: p ${formatP(ratioP)} (exact, by units).`]),
      `${counted(kinds, "kind")} of requests (task, input class) compared between the arms` +
        (uneven.length === 0 ? "." : `; uneven: ${uneven.map(describeUneven).join(", ")}.`),
      ...(otherShares === 0
        ? []
        : [`${counted(otherShares, "request")} drawn at an earlier share of control left out.`]),
    ],
  };
}

const UNKNOWN: ReportCell = { text: "–", value: null };

const number = (title: string) => ({ title, isNumber: true });

function describeState(sample: SampleHealth): string {
  const { state, unitsInBoth } = sample;
  switch (state) {
    case "sound":
      return "Yes: control has its share, and both arms have the same kinds of requests.";
    case "not_known_yet":
      return "Not known yet: an arm has no requests.";
    case "no_control":
      return "There is no control arm: set `sampling.control` to have one. Pairs need none.";
    case "ratio_off":
      return unitsInBoth > 0
        ? `No: ${counted(unitsInBoth, "unit is", "units are")} in both arms, which one draw cannot do.`
        : "No: the share of control is not the configured one, so the arms differ in more than the cascade.";
    case "mix_off":
      return "No: the arms have different kinds of requests, so they differ in more than the cascade.";
  }
}

function describeUneven(kind: SampleHealth["uneven"][number]): string {
  return `${kind.kind} ${formatShare(kind.controlShare)} of control, ${formatShare(kind.cascadeShare)} of cascade`;
}

/** Both answers to one request: needs no control arm. */
export function pairedSection({ paired }: RouteExperiment): ReportSection {
  const { truth, judge, margin, failureProbability, shadowShare, shipped, escalated } = paired;
  const sure = plainPercent(1 - failureProbability);
  return {
    id: "paired",
    question: "Is it as often right, on the same requests?",
    answer: describeConclusion(paired),
    table: {
      columns: [
        { title: "graders", isNumber: false },
        ...["pairs graded", "undecided", "escalated beside them"].map(number),
        ...["only deep right", "only cheap right", "difference", "McNemar p"].map(number),
      ],
      rows: [pairedRow("label or human", truth), pairedRow("judge (says)", judge)].filter(
        (_, index) => index === 0 || judge.graded > 0,
      ),
    },
    notes: [
      `Shipped answers that also got a deep one` +
        `${shadowShare === null ? "" : ` (${plainPercent(shadowShare)} of them drawn)`}, ` +
        `and to each as many escalated requests as there are to a shipped one ` +
        `(${formatCount(escalated)} to ${formatCount(shipped)}): those get the deep answer either way.`,
      `May be looked at any time: evidence ${formatEvidence(paired.logNotWorse)} for "at most ` +
        `${plainPercent(margin)} worse" and ${formatEvidence(paired.logWorse)} for "worse than that", ` +
        `of ${formatEvidence(-Math.log(failureProbability))} that make it ${sure} sure. Interval and p ` +
        "are for one look.",
    ],
  };
}

function pairedRow(name: string, count: PairedCount): readonly ReportCell[] {
  const { graded, undecided, alikeByEscalation, harmed, helped, difference, interval } = count;
  const { mcnemarP } = count;
  return [
    textCell(name),
    ...[graded, undecided, alikeByEscalation, harmed, helped].map(countCell),
    difference === null || interval === null
      ? { text: "not known yet", value: null }
      : { text: `${formatShare(difference)} (${describeRange(interval)})`, value: difference },
    mcnemarP === null ? UNKNOWN : { text: formatP(mcnemarP), value: mcnemarP },
  ];
}

function describeConclusion({ conclusion, margin, truth, moreGraded }: PairedReadOut): string {
  const most = `${plainPercent(margin)} of all requests`;
  if (conclusion === "not_worse") return `Yes, or less often by at most ${most}.`;
  if (conclusion === "worse") return `No: less often right by more than ${most}.`;
  if (moreGraded === null) {
    return `Not known yet, and more pairs like these will not show that it is worse by at most ${most}.`;
  }
  const at = truth.graded < 100 ? "at least" : "about";
  return `Not known yet: need ${at} ${counted(moreGraded, "more graded pair")} to show that it is worse by at most ${most}.`;
}

function ofUnits(part: number, all: number): ReportCell {
  return all === 0 ? UNKNOWN : { text: formatShare(part / all), value: part / all };
}

function formatEvidence(log: number): string {
  return log.toFixed(1);
}

/** `0.032`, `< 0.001` */
export function formatP(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}
