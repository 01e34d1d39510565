import type { Advice } from "../advice/advice.ts";
import type { AdviceReport } from "../advice/advise.ts";
import type { RouteEvidence } from "../evidence/build-evidence-report.ts";
import type { LeftOut } from "../evidence/choose-stratum.ts";
import { counted, formatCount, formatDuration, formatShare } from "../format-number.ts";
import { formatUsd, formatUsdExact } from "../format-usd.ts";
import type { PathLatency, Quantiles } from "../latency-report.ts";
import type { NetSavings, SavingsReport } from "../savings/describe-savings.ts";
import { candidateSections } from "./candidate-sections.ts";
import { countCell } from "./describe-share.ts";
import { textCell, type ReportCell, type ReportSection } from "./report-document.ts";
import type { MoneyStep } from "./report-figure.ts";

/** What a route saved and took, and whether to go on with it. */
export function routeSections(route: RouteEvidence): readonly ReportSection[] {
  return [
    savingsSection(route.savings),
    latencySection(route.latency, route.newestRecords),
    ...candidateSections(route),
    adviceSection(route.advice),
    leftOutSection(route.tiers.flatMap(({ leftOut }) => leftOut)),
  ];
}

const NUMBER = (title: string) => ({ title, isNumber: true });
const WORDS = (title: string) => ({ title, isNumber: false });

function savingsSection({ net, requests, unpricedRequests }: SavingsReport): ReportSection {
  const base = { id: "savings", question: "What did it save?" };
  const unpriced =
    unpricedRequests === 0
      ? []
      : [
          `${formatCount(unpricedRequests)} of ${counted(requests, "request")} ` +
            `${unpricedRequests === 1 ? "has" : "have"} a part ` +
            "without a known price; only the known part is counted.",
        ];
  if (net === null) {
    const answer = "Not known yet: of no request is known what the deep model would have cost.";
    return { ...base, answer, table: null, notes: unpriced };
  }
  const steps = savingsSteps(net);
  return {
    ...base,
    answer: savingsAnswer(net),
    table: {
      columns: [WORDS(""), NUMBER("US dollars")],
      rows: steps.map(({ name, nanoUsd }) => [textCell(name), moneyCell(nanoUsd)]),
    },
    figures: [{ kind: "savings", steps }],
    notes: [...unpriced, ...savingsNotes(net, requests)],
  };
}

function savingsSteps(net: NetSavings): readonly MoneyStep[] {
  const step = (name: string, nanoUsd: bigint, isSum = false): MoneyStep => ({
    name,
    nanoUsd,
    isSum,
  });
  return [
    step("saved on shipped", net.shippedNanoUsd),
    step("triages in vain", -net.wastedTriageNanoUsd),
    step("background calls", -net.backgroundNanoUsd),
    step("other requests", net.otherNanoUsd),
    step("saved, net", net.savedNanoUsd, true),
  ];
}

function savingsAnswer({ savedNanoUsd, savedShare, corrected }: NetSavings): string {
  const share = savedShare === null ? "" : ` (${formatShare(savedShare)})`;
  const measured =
    corrected === null
      ? " No interval yet: not of all models that shipped answers enough were shadowed."
      : ` Held against ${counted(corrected.shadows, "shadow")}: ${usd(corrected.savedUsd)}, 95 % ` +
        `interval ${usd(corrected.intervalUsd.low)} to ${usd(corrected.intervalUsd.high)}.`;
  return `${formatUsd(savedNanoUsd)}${share} net, by receipts.${measured}`;
}

function savingsNotes(net: NetSavings, requests: number): readonly string[] {
  const measured = net.requests === 0 ? 0 : net.measuredRequests / net.requests;
  const compared =
    net.requests === requests
      ? ""
      : ` ${formatCount(net.requests)} of ${counted(requests, "request")} can be compared.`;
  return [
    "Background calls are shadows, candidates, and the judge where its calls are booked.",
    `${formatUsd(net.costNanoUsd)} instead of ${formatUsd(net.allDeepNanoUsd)} all-deep; that is ` +
      `measured for ${formatShare(measured)} of requests and estimated for ` +
      `${formatShare(1 - measured)}.${compared}`,
    ...(net.projectedNanoUsdPerMonth === null
      ? []
      : [`Projection: at this pace ${formatUsd(net.projectedNanoUsdPerMonth)} in 30 days.`]),
  ];
}

function moneyCell(nanoUsd: bigint): ReportCell {
  // Exact for spreadsheets: dollars with all nine decimals that there are.
  return { text: formatUsd(nanoUsd), value: formatUsdExact(nanoUsd).replace(/[$,]/g, "") };
}

function usd(dollars: number): string {
  return formatUsd(BigInt(Math.round(dollars * 1e9)));
}

function latencySection(paths: readonly PathLatency[], newestRecords: number): ReportSection {
  const hop = paths.find(({ extraHop }) => extraHop.count > 0)?.extraHop ?? null;
  const shipped = paths.find(({ decision }) => decision === "shipped")?.total.p50Ms ?? null;
  const deep = paths.find(({ decision }) => decision === "control" || decision === "shadowed");
  const deepMs = deep?.total.p50Ms ?? null;
  const against =
    shipped === null || deepMs === null
      ? "Shipped against deep is not known yet."
      : `Half of the shipped answers are there in ${formatDuration(shipped)}, deep ones in ${formatDuration(deepMs)}.`;
  const extra =
    hop === null || hop.p50Ms === null
      ? "What an escalation adds is not known yet."
      : `An escalation adds ${describeQuantile(hop, "p50")}, p95 ${describeQuantile(hop, "p95")}.`;
  return {
    id: "latency",
    question: "What does it cost in time?",
    answer: `${against} ${extra}`,
    table: {
      columns: [
        WORDS("decision"),
        NUMBER("requests"),
        NUMBER("p50 (95 % interval)"),
        NUMBER("p95 (95 % interval)"),
        NUMBER("extra hop p50"),
      ],
      rows: paths.map((path) => [
        textCell(path.decision),
        countCell(path.requests),
        { text: describeQuantile(path.total, "p50"), value: path.total.p50Ms },
        { text: describeQuantile(path.total, "p95"), value: path.total.p95Ms },
        { text: describeQuantile(path.extraHop, "p50"), value: path.extraHop.p50Ms },
      ]),
    },
    figures: [{ kind: "latency", paths }],
    notes: newestRecords === 0 ? [] : [`From the newest ${counted(newestRecords, "request")}.`],
  };
}

function describeQuantile(quantiles: Quantiles, which: "p50" | "p95"): string {
  const value = which === "p50" ? quantiles.p50Ms : quantiles.p95Ms;
  const interval = which === "p50" ? quantiles.p50Interval : quantiles.p95Interval;
  if (value === null) return quantiles.count === 0 ? "–" : "not known yet";
  if (interval === null) return formatDuration(value);
  return `${formatDuration(value)} (${formatDuration(interval.low)}–${formatDuration(interval.high)})`;
}

function adviceSection({ verdict, decidedBy, advice }: AdviceReport): ReportSection {
  return {
    id: "advice",
    question: "Should this be routed?",
    answer:
      decidedBy === null
        ? `${SAYS[verdict]}: no rule speaks against it.`
        : `${SAYS[verdict]}, by the rule "${decidedBy}".`,
    table: {
      columns: [WORDS("rule"), WORDS("says"), WORDS("because")],
      rows: advice.map(({ rule, says, sentence }) => [
        textCell(rule),
        { text: SAYS[says], value: says },
        textCell(sentence),
      ]),
    },
    notes: ["One rule against routing is enough."],
  };
}

const SAYS: Readonly<Record<Advice["says"], string>> = {
  route: "Route",
  do_not_route: "Do not route",
  add_tier: "Add the tier",
  do_not_add_tier: "Do not add the tier",
  keep_tier: "Keep the tier",
  remove_tier: "Remove the tier",
  not_known_yet: "Not known yet",
};

const LEFT_OUT: Readonly<Record<LeftOut["reason"], string>> = {
  other_models: "of other models",
  other_prompt: "of another version of the prompt",
  other_source: "of another source (traffic and imports are not mixed)",
  same_cluster: "whose cluster another item stands for",
  unknown_propensity: "that nobody drew at random (labels that came by themselves)",
  disputed: "about which graders of one kind contradict each other (wrong, in every promise)",
  cannot_tell: "about which nobody who looked could tell (wrong, in every promise)",
};

function leftOutSection(leftOut: readonly LeftOut[]): ReportSection {
  const items = leftOut.reduce((sum, row) => sum + row.items, 0);
  return {
    id: "left_out",
    question: "What is left out?",
    answer:
      items === 0
        ? "Nothing."
        : `${counted(items, "item")} of evidence ${items === 1 ? "is" : "are"} in no rate above.`,
    table: {
      columns: [WORDS("items"), NUMBER("count")],
      rows: leftOut.map((row) => [
        { text: LEFT_OUT[row.reason], value: row.reason },
        countCell(row.items),
      ]),
    },
    notes: [],
  };
}
