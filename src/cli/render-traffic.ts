import { counted, formatCount, formatDuration, formatShare } from "../reports/format-number.ts";
import { divideHalfEven, formatUsd } from "../reports/format-usd.ts";
import type { PathLatency, Quantiles } from "../reports/latency-report.ts";
import type { ObservedShare } from "../reports/observed-share.ts";
import type { AllDeepTotals, TrafficTotals } from "../reports/traffic-totals.ts";
import type { Paint } from "./paint.ts";
import { renderTable } from "./table.ts";

/** What became of requests: a line per decision with its share and cost. */
export function renderDecisions(totals: TrafficTotals, paint: Paint): readonly string[] {
  const rows = totals.decisions.map(({ decision, requests, costNanoUsd, reasons }) => [
    `${MARKS[decision] ?? "·"} ${decision}`,
    formatCount(requests),
    formatShare(requests / totals.requests),
    formatUsd(divideHalfEven(costNanoUsd, BigInt(Math.max(1, requests)))),
    paint.faint(describeReasons(reasons)),
  ]);
  return renderTable(
    [
      { title: "decision" },
      { title: "requests", align: "right" },
      { title: "share", align: "right" },
      { title: "cost per call", align: "right" },
      { title: "why" },
    ],
    rows,
    paint,
  );
}

/** What calls cost and what they would have cost at the deep model; pairs of name and value. */
export function costFacts(totals: TrafficTotals, paint: Paint): readonly [string, string][] {
  const { costPerRequestNanoUsd, unpricedRequests, estimatedRequests, allDeep } = totals;
  const unpriced: [string, string][] =
    unpricedRequests === 0
      ? []
      : [
          [
            "unpriced",
            paint.warning(
              `${counted(unpricedRequests, "request has", "requests have")} a part without a known price`,
            ),
          ],
        ];
  if (costPerRequestNanoUsd === null) return unpriced;
  // What has no price is not in the sums.
  const atLeast = unpricedRequests === 0 ? "" : "at least ";
  const estimated =
    estimatedRequests === 0
      ? ""
      : paint.faint(`  ${formatCount(estimatedRequests)} with estimated tokens`);
  return [
    ...unpriced,
    ["cost per call", `${atLeast}${formatUsd(costPerRequestNanoUsd)}${estimated}`],
    ...(allDeep === null
      ? [["all-deep", "not known yet"] as [string, string]]
      : allDeepFacts(totals, allDeep, paint)),
    ...unmeteredFacts(totals),
  ];
}

/** `26.8 % of 370 triaged (95 % interval 22.5–31.5 %)`, or what was counted so far. */
export function describeObserved(observed: ObservedShare, what: string): string {
  const { share, interval, count, of } = observed;
  if (share === null || interval === null) {
    return `not known yet (${formatCount(count)} of ${formatCount(of)} ${what})`;
  }
  const range = `${(interval.low * 100).toFixed(1)}–${formatShare(interval.high)}`;
  return `${formatShare(share)} of ${formatCount(of)} ${what} (95 % interval ${range})`;
}

/** How long each path took and what was added to it. */
export function renderLatency(paths: readonly PathLatency[], paint: Paint): readonly string[] {
  const known = paths.filter(({ total }) => total.p50Ms !== null);
  if (known.length === 0) {
    const count = paths.reduce((sum, { requests }) => sum + requests, 0);
    return [paint.faint(`  How long answers take is not known yet (${count} so far).`)];
  }
  const hasExtraHop = known.some(({ extraHop }) => extraHop.count > 0);
  const rows = known.map(({ decision, requests, firstByte, total, gateway, extraHop }) => [
    `${MARKS[decision]} ${decision}`,
    formatCount(requests),
    describeQuantiles(firstByte),
    describeQuantiles(total),
    describeQuantiles(gateway),
    ...(hasExtraHop ? [extraHop.count === 0 ? "" : `+ ${describeQuantiles(extraHop)}`] : []),
  ]);
  return renderTable(
    [
      { title: "p50 / p95" },
      { title: "calls", align: "right" },
      { title: "first byte", align: "right" },
      { title: "whole answer", align: "right" },
      { title: "gateway", align: "right" },
      ...(hasExtraHop ? [{ title: "triage before", align: "right" } as const] : []),
    ],
    rows,
    paint,
  );
}

/** A shape for each word, so that nothing hangs on colour alone. */
const MARKS: Readonly<Record<string, string>> = {
  shipped: "✓",
  escalated: "▲",
  shadowed: "○",
  control: "◇",
  bypassed: "→",
  passthrough: "→",
  abandoned: "✗",
  forwarded: "→",
};

function describeReasons(reasons: TrafficTotals["decisions"][number]["reasons"]): string {
  const [first, ...others] = reasons;
  if (first === undefined) return "";
  const more = others.length === 0 ? "" : `, ${others.length} more`;
  return `${first.reason} ${formatCount(first.requests)}${more}`;
}

function unmeteredFacts({ unmeteredCalls }: TrafficTotals): readonly [string, string][] {
  if (unmeteredCalls === 0) return [];
  return [["unmetered", `${counted(unmeteredCalls, "call")} of other paths (models, batches …)`]];
}

function allDeepFacts(
  totals: TrafficTotals,
  allDeep: AllDeepTotals,
  paint: Paint,
): readonly [string, string][] {
  const { requests, measuredRequests, allDeepNanoUsd, savedShare } = allDeep;
  const perCall = formatUsd(divideHalfEven(allDeepNanoUsd, BigInt(requests)));
  const measured = formatShare(measuredRequests / requests);
  const estimated = formatShare(1 - measuredRequests / requests);
  const compared =
    requests === totals.requests
      ? ""
      : `, over ${formatCount(requests)} of ${counted(totals.requests, "request")}`;
  const basis = paint.faint(`  per call; ${measured} measured, ${estimated} estimated${compared}`);
  return [
    ["all-deep", `${perCall}${basis}`],
    ...(savedShare === null
      ? []
      : [["in sum", describeSaved(totals, allDeep, savedShare, paint)] as [string, string]]),
  ];
}

function describeSaved(
  { unpricedRequests }: TrafficTotals,
  { savedNanoUsd, costNanoUsd, allDeepNanoUsd }: AllDeepTotals,
  savedShare: number,
  paint: Paint,
): string {
  const known = unpricedRequests === 0 ? "" : ", known prices only";
  const sums = `${formatUsd(costNanoUsd)} instead of ${formatUsd(allDeepNanoUsd)}${known}`;
  return savedNanoUsd < 0n
    ? `${paint.bad(`${formatShare(-savedShare)} over all-deep`)}  ${paint.faint(sums)}`
    : `${paint.good(`${formatShare(savedShare)} under all-deep`)}  ${paint.faint(sums)}`;
}

function describeQuantiles({ p50Ms, p95Ms }: Quantiles): string {
  if (p50Ms === null) return "–";
  const p50 = formatDuration(p50Ms);
  if (p95Ms === null) return `${p50} / –`;
  const p95 = formatDuration(p95Ms);
  const isOneUnit = unitOf(p50) === unitOf(p95) && !p50.includes("min");
  return `${isOneUnit ? p50.replace(/ \S+$/, "") : p50} / ${p95}`;
}

function unitOf(duration: string): string {
  return duration.replace(/^.* /, "");
}
