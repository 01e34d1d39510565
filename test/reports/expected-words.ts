import {
  dollarsText,
  duration,
  percent,
  promised,
  range,
  wrongShare,
  type ReportJson,
  type RouteJson,
  type TierJson,
} from "./expected-tables.ts";

/** What a part has to say besides its tables: facts as they are, of each section some of its words. */
export interface ExpectedWords {
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly sections: Readonly<Record<string, readonly string[]>>;
}

/** The time that the whole is of. */
export function expectedSpan({ fromMs, toMs }: ReportJson): string {
  const [from, to] = [fromMs, toMs].map((atMs) => new Date(atMs).toISOString());
  return [from, to].map((at) => `${at?.slice(0, 10)} ${at?.slice(11, 16)} UTC`).join(" to ");
}

/** For each part in the order of the report, written from its JSON alone. */
export function expectedWords({ routes }: ReportJson): readonly ExpectedWords[] {
  return routes.flatMap((route) => [
    ...route.tiers.map((tier) => ({ facts: tierFacts(tier), sections: tierWords(tier) })),
    {
      facts: [
        ["requests", String(route.savings.requests)],
        ["mode", route.settings?.mode ?? ""],
      ],
      sections: routeWords(route),
    } satisfies ExpectedWords,
  ]);
}

function tierFacts(tier: TierJson): ExpectedWords["facts"] {
  const { key, items, days, threshold, wouldShip, wrongIfShipped, rate, promise } = tier;
  if (wouldShip === null || wrongIfShipped === null || rate === null || promise === null) return [];
  const ofWhat =
    tier.target === "joint" ? "of all requests ship a wrong answer" : "of what ships is wrong";
  const { count, of, share, interval } = wouldShip;
  return [
    ["evidence", `${items} items of ${key.source}, ${day(days?.firstMs)} to ${day(days?.lastMs)}`],
    ["prompt", key.promptHash ?? ""],
    ["threshold", `${threshold?.toFixed(2)} in force`],
    [
      "would ship",
      share === null ? `not known yet (${count} of ${of})` : withRange(share, interval),
    ],
    ["wrong of shipped", wrongShare(wrongIfShipped)[0]],
    ...(tier.target === "joint"
      ? [
          [
            "wrong of all",
            rate.share === null ? "not known yet" : withRange(rate.share, rate.interval),
          ] as const,
        ]
      : []),
    [
      "promise",
      `at most ${tier.promised.atMost * 100} % ${ofWhat}: ${promised(promise)} (one look; a certificate is made by \`leadsman tune\`)`,
    ],
  ];
}

function tierWords(tier: TierJson): ExpectedWords["sections"] {
  const { slices, outcomes, missing, refusals, differences, stated, calibration } = tier;
  const { ranking, gap, error, brier } = calibration;
  const above = stated.atoms.filter(({ isAboveThreshold }) => isAboveThreshold);
  const { discordantP } = differences;
  return {
    slices: [
      ...(slices.slices.length === 0 ? [`${slices.rows} graded answers`] : []),
      `${slices.tested} slice`,
    ],
    outcomes:
      outcomes?.shippedWrong.share == null
        ? [`${outcomes?.graded} graded answers`]
        : [
            `${percent(outcomes.shippedWrong.share)} of all triages are sure and wrong`,
            `${percent(outcomes.escalatedRight.share ?? 0)} escalate although`,
          ],
    missing: [`${missing.complete} of ${missing.items} items have both answers`],
    refusals: [
      `cheap model refused ${refusals.cheap.count} of ${refusals.cheap.of} triages`,
      `deep model refused ${refusals.deep.count} of ${refusals.deep.of} answers`,
    ],
    differences: [
      `${differences.differing} of ${differences.compared} compared`,
      differences.share === null
        ? "not known yet"
        : withRange(differences.share, differences.interval),
      ...(discordantP === null ? [] : [`p = ${discordantP.toPrecision(2)}`]),
    ],
    stated: [
      `${stated.atoms.length} values in ${stated.triages} triages`,
      `${above.reduce((sum, { triages }) => sum + triages, 0)} are at or above`,
      `The most frequent is ${stated.largest?.confidence.toFixed(2)}, on ${stated.largest?.count} of ${stated.largest?.of}`,
    ],
    calibration: [
      gap === null
        ? `${calibration.graded} graded answers`
        : `${points(gap.gap)} points (95 % interval ${points(gap.interval.low)} to ${points(gap.interval.high)})`,
      ...(ranking === null ? [] : [`AUROC ${ranking.area.toFixed(2)}`]),
      ...(ranking?.interval == null
        ? []
        : [`95 % interval ${ranking.interval.low.toFixed(2)}–${ranking.interval.high.toFixed(2)}`]),
      ...(error === null
        ? []
        : [
            `(ECE) ${error.error.toFixed(3)}, of which chance alone makes ${error.noiseFloor.toFixed(3)}`,
            `95 % interval ${error.interval.low.toFixed(3)}–${error.interval.high.toFixed(3)}`,
          ]),
      ...(brier === null
        ? []
        : [
            `Brier score ${brier.score.toFixed(4)} = reliability ${brier.reliability.toFixed(4)} - ` +
              `resolution ${brier.resolution.toFixed(4)} + uncertainty ${brier.uncertainty.toFixed(4)}`,
          ]),
    ],
    ...riskWords(tier),
  };
}

function riskWords({ riskCoverage, calibration }: TierJson): ExpectedWords["sections"] {
  if (riskCoverage === null) return { thresholds: [`${calibration.graded} graded answers`] };
  const { points: thresholds, areas, shuffled, control } = riskCoverage;
  const inForce = thresholds.find(({ isInForce }) => isInForce);
  return {
    thresholds: [
      `be wrong in ${wrongShare(shuffled)[0]}`,
      ...(inForce === undefined
        ? []
        : [
            `At ${inForce.threshold.toFixed(2)} wrong of shipped is ${wrongShare(inForce.wrong)[0]}`,
          ]),
      `risk and coverage ${areas.area.toFixed(4)};`,
      `read ${areas.tieRange.best.toFixed(4)} to ${areas.tieRange.worst.toFixed(4)}`,
      `have ${areas.oracleArea.toFixed(4)}. Tie-robust area (AUGRC) ${areas.jointArea.toFixed(4)}`,
    ],
    control:
      control?.gain == null || control.shipShare === null
        ? [`${control?.graded ?? 0} items with both answers graded`]
        : [
            `${points(control.gain.mean)} points (95 % interval ${points(control.gain.interval.low)} to ${points(control.gain.interval.high)})`,
            `the same ${control.graded} items with both answers graded, ${percent(control.shipShare)} of which ship`,
          ],
  };
}

function routeWords({
  savings,
  latency,
  newestRecords,
  tiers,
}: RouteJson): ExpectedWords["sections"] {
  const { net, unpricedRequests, requests } = savings;
  const hop = latency.find(({ extraHop }) => extraHop.count > 0)?.extraHop;
  const leftOut = tiers.flatMap((tier) => tier.leftOut);
  const time = (ms: number | null, interval: { low: number; high: number } | null): string =>
    `${duration(ms ?? 0)}${interval === null ? "" : ` (${duration(interval.low)}–${duration(interval.high)})`}`;
  return {
    savings: [
      ...(unpricedRequests === 0
        ? []
        : [`${unpricedRequests} of ${requests} requests have a part`]),
      ...(net === null ? [] : moneyWords(net)),
    ],
    latency: [
      `newest ${newestRecords} requests`,
      ...(hop === undefined
        ? []
        : [`adds ${time(hop.p50Ms, hop.p50Interval)}, p95 ${time(hop.p95Ms, hop.p95Interval)}`]),
    ],
    left_out:
      leftOut.length === 0
        ? ["Nothing."]
        : [`${leftOut.reduce((sum, { items }) => sum + items, 0)} item`],
  };
}

function moneyWords(net: NonNullable<RouteJson["savings"]["net"]>): readonly string[] {
  const { corrected, projectedNanoUsdPerMonth: projected } = net;
  const measured = net.measuredRequests / net.requests;
  const usd = (dollars: number): string => dollarsText(String(Math.round(dollars * 1e9)));
  return [
    `${dollarsText(net.savedNanoUsd)} (${percent(net.savedShare ?? 0)}) net`,
    `${dollarsText(net.costNanoUsd)} instead of ${dollarsText(net.allDeepNanoUsd)} all-deep`,
    `measured for ${percent(measured)} of requests and estimated for ${percent(1 - measured)}`,
    ...(corrected === null
      ? ["No interval yet"]
      : [
          `Held against ${corrected.shadows} shadows: ${usd(corrected.savedUsd)}, 95 % interval ` +
            `${usd(corrected.intervalUsd.low)} to ${usd(corrected.intervalUsd.high)}`,
        ]),
    ...(projected === null ? [] : [`at this pace ${dollarsText(projected)} in 30 days`]),
  ];
}

function withRange(
  share: number,
  interval: { readonly low: number; readonly high: number } | null,
): string {
  return `${percent(share)}${interval === null ? "" : ` (${range(interval)})`}`;
}

function points(share: number): string {
  return `${share > 0 ? "+" : ""}${(share * 100).toFixed(1)}`;
}

function day(epochMs: number | undefined): string {
  return new Date(epochMs ?? 0).toISOString().slice(0, 10);
}
