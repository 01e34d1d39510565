import type { EvidenceReport } from "../../src/reports/evidence/build-evidence-report.ts";

/** A report as its JSON form holds it: amounts of money are strings of digits. */
export type AsJson<T> = T extends bigint
  ? string
  : T extends readonly unknown[] | object
    ? { readonly [K in keyof T]: AsJson<T[K]> }
    : T;
export type ReportJson = AsJson<EvidenceReport>;
export type RouteJson = ReportJson["routes"][number];
export type TierJson = RouteJson["tiers"][number];

/** What people see, and the plain value that CSV has. */
export type ExpectedCell = readonly [text: string, value: string];
/** Cells of a table by section. */
export type ExpectedTables = Readonly<Record<string, readonly (readonly ExpectedCell[])[]>>;

/** The cells that every form has to show for a tier, written from its JSON alone. */
export function expectedOfTier(tier: TierJson): ExpectedTables {
  const { outcomes, missing, refusals, differences, stated, calibration } = tier;
  return {
    tasks: expectedTasks(tier),
    slices: expectedSlices(tier),
    outcomes:
      outcomes === null
        ? []
        : [
            [words("right"), outcome(outcomes.shippedRight), outcome(outcomes.escalatedRight)],
            [words("wrong"), outcome(outcomes.shippedWrong), outcome(outcomes.escalatedWrong)],
          ],
    confidently_wrong: tier.examples.confident.map(({ itemId, confidence, task, by }) => [
      ...[words(itemId), stating(confidence), words(task ?? ""), words(by), words("")],
    ]),
    missing: missing.reasons.map(({ side, reason, items }) => [
      ...[words(side), words(reason), count(items), share(items / missing.items, null)],
    ]),
    refusals: [
      refusal("cheap model, all tasks", refusals.cheap),
      ...refusals.tasks.map((row) => refusal(`cheap model, ${row.task ?? "(no task)"}`, row)),
      refusal("deep model, where it was asked", refusals.deep),
    ],
    differences: differences.graded.map((row) => [
      words(row.by === "judge" ? "judge (says)" : row.by),
      ...[row.items, row.onlyCheapRight, row.onlyDeepRight, row.bothRight, row.bothWrong].map(
        count,
      ),
    ]),
    stated: [
      ...(stated.without === 0
        ? []
        : [
            [
              words("none"),
              count(stated.without),
              share(stated.without / stated.triages, null),
              count(stated.without),
              words(""),
            ],
          ]),
      ...stated.atoms.map((atom) => [
        ...[stating(atom.confidence), count(atom.triages)],
        ...[share(atom.triages / stated.triages, null), count(atom.failed)],
        words(atom.isAboveThreshold ? "ships" : ""),
      ]),
    ],
    calibration: calibration.bars.map(
      ({ confidence, graded, wrong, accuracy, interval, isSmall }) => [
        ...[stating(confidence), count(graded), count(wrong)],
        [`${percent(accuracy)} (${range(interval)})${isSmall ? " few" : ""}`, String(accuracy)],
      ],
    ),
    thresholds: (tier.riskCoverage?.points ?? []).map((point) => [
      stating(point.threshold),
      point.ships === null ? (["–", ""] as const) : observed(point.ships),
      wrongShare(point.wrong),
      share(point.savedShare, point.savedInterval, "–"),
      words(point.isInForce ? "in force" : ""),
    ]),
    control: expectedControl(tier),
  };
}

function expectedTasks({ tasks, target }: TierJson): ExpectedTables[string] {
  const isJoint = target === "joint";
  return tasks.map(({ task, wouldShip, wrong, rate, promise }) => [
    words(task ?? "(no task)"),
    observed(wouldShip),
    count(wrong.graded),
    wrongShare(wrong),
    ...(isJoint ? [share(rate.share, rate.interval)] : []),
    [promised(promise), promise.state] as const,
  ]);
}

function expectedSlices({ slices, examples: { ofSlices } }: TierJson): ExpectedTables[string] {
  return slices.slices.map(({ features, rows, wrongShare: wrong, low, lift, isProven }, index) => {
    const examples = ofSlices[index] ?? [];
    return [
      ...[words(features.join(" + ")), count(rows), share(wrong, null), share(low, null)],
      [lift.toFixed(1), String(lift)] as const,
      words(isProven ? "yes" : "no"),
      [
        examples.map(({ itemId }) => itemId).join("; "),
        examples.map(({ itemId }) => itemId).join(" "),
      ] as const,
    ];
  });
}

function expectedControl({ riskCoverage }: TierJson): ExpectedTables[string] {
  const control = riskCoverage?.control ?? null;
  if (control?.gain == null || control.cascade === null || control.shuffled === null) return [];
  const { cascade, shuffled } = control;
  return [
    [words("low confidence"), share(cascade.mean, cascade.interval)],
    [words("as many, by lot"), share(shuffled.mean, shuffled.interval)],
  ];
}

/** The same of the part about money, time and advice. */
export function expectedOfRoute({ savings, latency, advice, tiers }: RouteJson): ExpectedTables {
  const { net } = savings;
  return {
    savings:
      net === null
        ? []
        : [
            [words("saved on shipped"), money(net.shippedNanoUsd)],
            [words("triages in vain"), money(negative(net.wastedTriageNanoUsd))],
            [words("background calls"), money(negative(net.backgroundNanoUsd))],
            [words("other requests"), money(net.otherNanoUsd)],
            [words("saved, net"), money(net.savedNanoUsd)],
          ],
    latency: latency.map(({ decision, requests, total, extraHop }) => [
      ...[words(decision), count(requests)],
      time(total.count, total.p50Ms, total.p50Interval),
      time(total.count, total.p95Ms, total.p95Interval),
      time(extraHop.count, extraHop.p50Ms, extraHop.p50Interval),
    ]),
    advice: advice.advice.map(({ rule, says, sentence }) => [
      words(rule),
      [says.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase()), says],
      words(sentence),
    ]),
    left_out: tiers.flatMap(({ leftOut }) =>
      leftOut.map(({ reason, items }) => [[LEFT_OUT[reason] ?? "", reason] as const, count(items)]),
    ),
  };
}

const LEFT_OUT: Readonly<Record<string, string>> = {
  unknown_propensity: "that nobody drew at random (labels that came by themselves)",
  disputed: "about which graders of one kind contradict each other (wrong, in every promise)",
  cannot_tell: "about which nobody who looked could tell (wrong, in every promise)",
};

interface Interval {
  readonly low: number;
  readonly high: number;
}

export function percent(of: number): string {
  return `${(of * 100).toFixed(1)} %`;
}

export function range({ low, high }: Interval): string {
  return `${(low * 100).toFixed(1)}–${percent(high)}`;
}

export function words(text: string): ExpectedCell {
  return [text, text];
}

export function count(of: number): ExpectedCell {
  return [of.toLocaleString("en-US"), String(of)];
}

function stating(confidence: number | null): ExpectedCell {
  if (confidence === null) return ["–", ""];
  return [confidence.toFixed(2), String(confidence)];
}

function share(
  of: number | null,
  interval: Interval | null,
  otherwise = "not known yet",
): ExpectedCell {
  if (of === null) return [otherwise, ""];
  return [`${percent(of)}${interval === null ? "" : ` (${range(interval)})`}`, String(of)];
}

type ObservedJson = TierJson["refusals"]["cheap"];

export function observed({
  share: of,
  interval,
  count: hits,
  of: all,
}: ObservedJson): ExpectedCell {
  return share(of, interval, all === 0 ? "–" : `not known yet (${hits} of ${all})`);
}

export function wrongShare(wrong: TierJson["deepWrong"]): ExpectedCell {
  const { basis, share: of, interval, graded, judge, undecided } = wrong;
  if (of !== null && interval !== null) {
    const by = basis === "judge_corrected" ? ", judge corrected by human checks" : "";
    const open = undecided === 0 ? "" : `, ${undecided} undecided`;
    return [`${percent(of)} (${range(interval)}${by}${open})`, String(of)];
  }
  if (basis === "judge_says") {
    return [`not known yet; judge says ${judge.wrong} of ${judge.judged}`, ""];
  }
  return [
    graded === 0 ? "not known yet" : `not known yet (${wrong.wrong} of ${graded} graded)`,
    "",
  ];
}

export function promised({
  state,
  moreGrades,
  isUnlikely,
}: TierJson["tasks"][number]["promise"]): string {
  if (state !== "not_known_yet") return state === "holds" ? "yes" : "no";
  if (isUnlikely) return "not known yet, more grades are unlikely to show it";
  if (moreGrades === null) return "not known yet";
  return `not known yet, about ${moreGrades.toLocaleString("en-US")} more grade${moreGrades === 1 ? "" : "s"}`;
}

type OutcomeJson = NonNullable<TierJson["outcomes"]>["shippedRight"];

function outcome({ items, share: of, interval }: OutcomeJson): ExpectedCell {
  return [`${items} ${share(of, interval, "")[0]}`.trim(), String(items)];
}

function refusal(who: string, row: ObservedJson): readonly ExpectedCell[] {
  return [words(who), count(row.count), count(row.of), observed(row)];
}

function negative(nanoUsd: string): string {
  return String(-BigInt(nanoUsd));
}

/** The text is looked at apart: `dollarsOf` reads it. */
function money(nanoUsd: string): ExpectedCell {
  return [dollarsText(nanoUsd), exactDollars(nanoUsd)];
}

function exactDollars(nanoUsd: string): string {
  const digits = nanoUsd.replace("-", "").padStart(10, "0");
  const fraction = digits.slice(-9).replace(/0+$/, "").padEnd(2, "0");
  return `${nanoUsd.startsWith("-") ? "-" : ""}${digits.slice(0, -9)}.${fraction}`;
}

/** Three digits below a dollar, cents below a thousand. */
export function dollarsText(nanoUsd: string): string {
  const exact = exactDollars(nanoUsd);
  const amount = Math.abs(Number(exact));
  const shown =
    amount === 0
      ? "0.00"
      : amount >= 1
        ? amount.toFixed(2)
        : amount.toFixed(2 - Math.floor(Math.log10(amount)));
  const isExact = Number(shown) === amount;
  const text = isExact ? shown.replace(/(\.\d\d\d*?)0+$/, "$1") : shown;
  return `${isExact ? "" : "≈"}${nanoUsd.startsWith("-") ? "-" : ""}$${text}`;
}

export function duration(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  return ms < 999.5 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

function time(counted: number, ms: number | null, interval: Interval | null): ExpectedCell {
  if (ms === null) return [counted === 0 ? "–" : "not known yet", ""];
  const { low, high } = interval ?? { low: 0, high: 0 };
  const reach = interval === null ? "" : ` (${duration(low)}–${duration(high)})`;
  return [`${duration(ms)}${reach}`, String(ms)];
}
