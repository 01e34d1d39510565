import type { RouteExperiment } from "../../src/reports/experiment/experiment-report.ts";
import type { ExperimentReport } from "../../src/reports/experiment/experiment-report.ts";
import {
  count,
  observed,
  percent,
  words,
  type AsJson,
  type ExpectedCell,
  type ExpectedTables,
} from "./expected-tables.ts";
import type { ExpectedWords } from "./expected-words.ts";

export type ExperimentJson = AsJson<ExperimentReport>;
type ExperimentRoute = AsJson<RouteExperiment>;
type Comparison = AsJson<RouteExperiment["cost"]> | ExperimentRoute["latency"]["p50"];
type Figure = Comparison["control"];
type Interval = Figure["interval"];

/** The cells that every form has to show for a route, written from its JSON alone. */
export function expectedExperiment(route: ExperimentRoute): ExpectedTables {
  const { sample, paired, labels, cost, latency, escalation } = route;
  const units = sample.control.units + sample.cascade.units;
  const size = (name: string, of: typeof sample.control, meant: number | null) => [
    ...[words(name), count(of.requests), count(of.units)],
    units === 0 ? NONE : ([percent(of.units / units), String(of.units / units)] as const),
    meant === null ? NONE : ([`${String(meant * 100)} %`, String(meant)] as const),
    observed(of.answered),
  ];
  const pair = (name: string, of: typeof paired.truth): readonly ExpectedCell[] => [
    words(name),
    ...[of.graded, of.undecided, of.alikeByEscalation, of.harmed, of.helped].map(count),
    of.difference === null
      ? (["not known yet", ""] as const)
      : ([
          `${percent(of.difference)} (${signedRange(of.interval)})`,
          String(of.difference),
        ] as const),
    of.mcnemarP === null ? NONE : [chance(of.mcnemarP), String(of.mcnemarP)],
  ];
  const share = sample.controlShare;
  const tables = {
    sample: [
      size("control", sample.control, share),
      size("cascade", sample.cascade, share === null ? null : 1 - share),
    ],
    paired: [
      pair("label or human", paired.truth),
      ...(paired.judge.graded === 0 ? [] : [pair("judge (says)", paired.judge)]),
    ],
  };
  const escalated = { escalation: [armRow("cascade", [escalation], percent)] };
  if (share === null) return { ...tables, ...escalated };
  return {
    ...tables,
    labels: comparison([labels], percent),
    cost: comparison([cost], dollars),
    latency: comparison([latency.p50, latency.p95], milliseconds),
    ...escalated,
  };
}

/** Facts, and of each section some of what it says. */
export function expectedExperimentWords(route: ExperimentRoute): ExpectedWords {
  const { requests, sample, thresholds, paired, labels, cost, latency, escalation } = route;
  const { controlShare, ratioP, kinds, otherShares, uneven, unitsInBoth } = sample;
  const { labelled, undecided } = labels;
  const plural = (of: number, noun: string): string =>
    `${of.toLocaleString("en-US")} ${noun}${of === 1 ? "" : "s"}`;
  return {
    facts: [
      ["requests", requests.toLocaleString("en-US")],
      [
        "control",
        controlShare === null
          ? "no arm: `sampling.control` was 0"
          : `${String(controlShare * 100)} % drawn`,
      ],
      ["threshold", thresholds.map((at) => at.toFixed(2)).join(", ") || "none in force"],
    ],
    sections: {
      sample: [
        plural(kinds, "kind"),
        ...(ratioP === null ? [] : [`p ${chance(ratioP)}`]),
        ...(otherShares === 0 ? [] : [plural(otherShares, "request")]),
        ...(unitsInBoth === 0 ? [] : [`${unitsInBoth} unit`]),
        ...uneven.map(
          (kind) =>
            `${kind.kind} ${percent(kind.controlShare)} of control, ${percent(kind.cascadeShare)} of cascade`,
        ),
      ],
      paired: [
        `${paired.margin * 100} % of all requests`,
        `make it ${100 - paired.failureProbability * 100} % sure`,
        `(${paired.escalated} to ${paired.shipped})`,
        `evidence ${paired.logNotWorse.toFixed(1)}`,
        `and ${paired.logWorse.toFixed(1)} for`,
        ...(paired.shadowShare === null ? [] : [`${paired.shadowShare * 100} % of them drawn`]),
        ...(paired.moreGraded === null ? [] : [plural(paired.moreGraded, "more graded pair")]),
      ],
      ...(controlShare === null
        ? {}
        : {
            labels: [
              `${labelled.control} of control, ${labelled.cascade} of cascade`,
              `${undecided.control} and ${undecided.cascade}`,
              ...verdictWords(route, labels, percent),
            ],
            cost: [
              ...(cost.unpriced === 0 ? [] : [plural(cost.unpriced, "request")]),
              ...verdictWords(route, cost, dollars),
            ],
            latency: [
              ...verdictWords(route, latency.p50, milliseconds),
              ...verdictWords(route, latency.p95, milliseconds),
            ],
          }),
      escalation: [escalation.value === null ? "Not known yet" : percent(escalation.value)],
    },
  };
}

function verdictWords(
  { sample }: ExperimentRoute,
  { says, difference, moreUnits }: Comparison,
  figure: (value: number) => string,
): readonly string[] {
  if (sample.state === "ratio_off" || sample.state === "mix_off") return ["No verdict"];
  if (moreUnits !== null) return [`${moreUnits.toLocaleString("en-US")} more unit`];
  return says === "open" || difference === null ? [] : [figure(Math.abs(difference))];
}

function comparison(
  of: readonly Comparison[],
  figure: (value: number) => string,
): ExpectedTables[string] {
  const arm = (name: "control" | "cascade") =>
    armRow(
      name,
      of.map((one) => one[name]),
      figure,
    );
  return [
    arm("control"),
    arm("cascade"),
    [
      ...[words("cascade less control"), words(""), words("")],
      ...of.map(({ difference, interval }) => cell(difference, interval, figure)),
    ],
  ];
}

function armRow(
  name: string,
  figures: readonly Figure[],
  figure: (value: number) => string,
): readonly ExpectedCell[] {
  return [
    ...[words(name), count(figures[0]?.requests ?? NaN), count(figures[0]?.units ?? NaN)],
    ...figures.map(({ value, interval }) => cell(value, interval, figure)),
  ];
}

function cell(
  value: number | null,
  interval: Interval,
  figure: (value: number) => string,
): ExpectedCell {
  if (value === null) return ["not known yet", ""];
  const reach = interval === null ? "" : ` (${figure(interval.low)} to ${figure(interval.high)})`;
  return [`${figure(value)}${reach}`, String(value)];
}

const NONE: ExpectedCell = ["–", ""];

function chance(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

function signedRange(interval: Interval): string {
  const { low, high } = interval ?? { low: 0, high: 0 };
  const from = (low * 100).toFixed(1);
  return low < 0 ? `${from} to ${percent(high)}` : `${from}–${percent(high)}`;
}

function dollars(value: number): string {
  return `${value < 0 ? "-" : ""}$${Math.abs(value).toPrecision(3)}`;
}

function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
}
