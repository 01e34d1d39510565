import { counted, formatConfidence, formatCount, formatTime } from "../reports/format-number.ts";
import { formatUsd } from "../reports/format-usd.ts";
import type { ShadowReport } from "../reports/shadow-report.ts";
import type { StandingReport } from "../reports/standing-report.ts";
import type { RouteReport, StatusReport, TrafficReport } from "../reports/status-report.ts";
import type { Paint } from "./paint.ts";
import { costFacts, describeObserved, renderDecisions, renderLatency } from "./render-traffic.ts";
import { renderWatch } from "./render-watch.ts";
import { renderFacts } from "./table.ts";

/** How things stand, for people. */
export function renderStatus(report: StatusReport, paint: Paint): string {
  const span = `${formatTime(report.fromMs)} to ${formatTime(report.toMs)}`;
  const label = report.isSimulated ? [`  ${simulatedLabel(paint)}`, ""] : [];
  if (report.total.requests === 0) {
    return `  No requests from ${span}.`;
  }
  const isOneRoute = report.routes.length === 1;
  const lines = [
    ...label,
    `  ${paint.strong(counted(report.total.requests, "request"))}  ${paint.faint(span)}`,
    "",
    ...report.routes.flatMap((route) => [...renderRoute(route, report, paint), ""]),
    ...(isOneRoute
      ? []
      : [`  ${paint.strong("all together")}`, ...costLines(report.total, paint), ""]),
    ...(report.isComplete
      ? []
      : [
          paint.faint(
            `  Times and triages are from the newest ${counted(report.newestRecords, "request")}.`,
          ),
        ]),
  ];
  return lines.join("\n").trimEnd();
}

/** Stands wherever made-up answers are counted. */
export function simulatedLabel(paint: Paint): string {
  return `${paint.warning("SIMULATED")}  answers are made up, prices are the catalogue's`;
}

function renderRoute(route: RouteReport, report: StatusReport, paint: Paint): readonly string[] {
  const name = route.route === null ? "no route" : `route ${route.route}`;
  const modes = route.modes.length === 0 ? "" : `  ${route.modes.join(", ")}`;
  return [
    `  ${paint.strong(name)}${modes}`,
    "",
    ...renderDecisions(route, paint),
    "",
    ...costLines(route, paint),
    ...(route.standing === null ? [] : ["", ...renderStanding(route, route.standing, paint)]),
    ...(route.shadow === null ? [] : ["", ...renderShadow(route.shadow, paint)]),
    ...(report.newestRecords === 0 || route.latency.length === 0
      ? []
      : ["", ...renderLatency(route.latency, paint)]),
  ];
}

/** What is in force, what is known about it, and what is under way. */
function renderStanding(
  { route }: RouteReport,
  { mode, thresholds, isCertified, answers, jobs, watch, ...standing }: StandingReport,
  paint: Paint,
): readonly string[] {
  const ships = thresholds.flatMap((threshold) =>
    threshold === null ? [] : [threshold > 1 ? "never ships" : `≥ ${formatConfidence(threshold)}`],
  );
  const judged = answers.judged === 0 ? "" : `, ${formatCount(answers.judged)} by a judge alone`;
  const known =
    answers.graded === 0
      ? "; how many would ship wrong is not known yet"
      : "; leadsman report says what they show";
  const { costNanoUsd, unpricedAttempts } = standing.spentToday;
  const limit = standing.backgroundUsdPerDay;
  const ofLimit = limit === null ? " without a limit" : ` of $${limit.toFixed(2)}`;
  return renderFacts(
    [
      ["in force", [mode, ...ships].join(", ")],
      [
        "certificate",
        isCertified ? "yes" : paint.warning(`none; see leadsman tune ${route ?? ""}`.trimEnd()),
      ],
      [
        "graded",
        `${formatCount(answers.graded)} of ${counted(answers.drawn, "answer")} drawn${judged}${known}`,
      ],
      ...(watch === undefined ? [] : renderWatch(watch)),
      ...(jobs.length === 0 ? [] : ([["jobs", describeJobs(jobs)]] as const)),
      [
        "spent today",
        `${formatUsd(costNanoUsd)}${ofLimit} on background calls` +
          (unpricedAttempts === 0
            ? ""
            : paint.warning(` and ${counted(unpricedAttempts, "unpriced call")}`)),
      ],
    ],
    paint,
  );
}

function describeJobs(jobs: StandingReport["jobs"]): string {
  const words = jobs.map(({ kind, state, reason, jobs: count }) =>
    state === "given_up"
      ? `${formatCount(count)} ${kind} given up (${reason ?? "no reason kept"})`
      : `${formatCount(count)} ${kind} waiting`,
  );
  return words.join(", ");
}

function costLines(traffic: TrafficReport, paint: Paint): readonly string[] {
  const { escalation } = traffic;
  const escalated: [string, string][] =
    escalation.of === 0 ? [] : [["escalated", describeObserved(escalation, "triaged")]];
  return renderFacts([...escalated, ...costFacts(traffic, paint)], paint);
}

function renderShadow(shadow: ShadowReport, paint: Paint): readonly string[] {
  const { wouldShip, wouldNot, pairs, spend, triages } = shadow;
  const reasons = wouldNot.map(({ reason, count }) => `${reason} ${formatCount(count)}`);
  const missing = pairs.missing.map(
    ({ side, reason, count }) => `${side} ${reason} ${formatCount(count)}`,
  );
  const unpriced =
    spend.unpricedAttempts === 0
      ? ""
      : paint.warning(` and ${counted(spend.unpricedAttempts, "unpriced call")}`);
  return renderFacts(
    [
      ...(triages === 0
        ? []
        : ([
            ["would ship", describeObserved(wouldShip, "background triages")],
            ["would not", reasons.length === 0 ? "none" : reasons.join(", ")],
          ] as const)),
      [
        "pairs",
        `${formatCount(pairs.complete)} complete of ${formatCount(pairs.total)}` +
          (missing.length === 0 ? "" : `; missing: ${missing.join(", ")}`),
      ],
      ["background cost", `${formatUsd(spend.costNanoUsd)}${unpriced}`],
    ],
    paint,
  );
}
