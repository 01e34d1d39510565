import type { PlannedReplay, ReplayFrame, RunReplay } from "../compose/replay-dataset.ts";
import type { ReplayOrder } from "../compose/replay-order.ts";
import type { TierTally } from "../datasets/replay/replay-tally.ts";
import { counted, formatCount, formatDuration, formatShare } from "../reports/format-number.ts";
import { divideHalfEven, formatUsd } from "../reports/format-usd.ts";
import { observedShare } from "../reports/observed-share.ts";
import type { Paint } from "./paint.ts";
import { renderFacts, renderTable } from "./table.ts";

/** What a replay came to. */
export function renderReplay(run: RunReplay, paint: Paint): string {
  const { tally, survey, spentNanoUsd, unpricedCalls } = run;
  const simulated = run.isSimulated ? `  ${paint.warning("SIMULATED")}` : "";
  const unpriced =
    unpricedCalls === 0 ? "" : `, and ${counted(unpricedCalls, "call")} without a known price`;
  const asked = tally.complete - tally.known;
  return [
    `Replayed data set ${paint.strong(run.dataset)} through route ${paint.strong(run.route)}: ` +
      `${formatCount(tally.complete)} of ${counted(survey.draw.rows, "row")} complete, ` +
      `${formatCount(asked)} by this run for ${formatUsd(spentNanoUsd)}${unpriced}.${simulated}`,
    "",
    ...renderTiers(run, paint),
    ...withBlank(renderNotes(run)),
    ...withBlank(nextSteps(run)),
  ].join("\n");
}

/** What a replay would do and cost. */
export function renderReplayPlan(
  planned: PlannedReplay,
  { maxNanoUsd, isBatch }: Pick<ReplayOrder, "maxNanoUsd" | "isBatch">,
  paint: Paint,
): string {
  const { plan, survey, dataset, route } = planned;
  const { lowNanoUsd: low, highNanoUsd: high } = plan;
  const cost =
    low === null || high === null
      ? "not known: no price is known of a model"
      : `between ${formatUsd(low)} (the prompts alone) and ${formatUsd(high)} (every answer as ` +
        "long as its max_tokens allows)";
  const isCapped = maxNanoUsd !== null && high !== null && high > maxNanoUsd;
  const part = survey.draw.propensity < 1 ? `, drawn of ${formatCount(survey.eligible)}` : "";
  const facts: (readonly [string, string])[] = [
    ["rows", `${formatCount(survey.draw.rows)}${part}`],
    ["there already", formatCount(plan.known)],
    [
      "to ask",
      `${formatCount(plan.toAsk)}, with ${counted(plan.calls, isBatch ? "request" : "call")}`,
    ],
    [
      "tokens in",
      `${formatCount(plan.lowInputTokens)} to ${formatCount(plan.highInputTokens)}, estimated`,
    ],
    ["tokens out", `at most ${formatCount(plan.highOutputTokens)}`],
    ["cost", isBatch ? `${cost}, at the price of batches` : cost],
  ];
  if (isCapped) facts.push(["cap", `--max-usd stops it at ${formatUsd(maxNanoUsd)}`]);
  return [
    `Data set ${paint.strong(dataset)} through route ${paint.strong(route)}. Nothing was sent.`,
    "",
    ...renderFacts(facts, paint),
    ...withBlank(skippedNotes(planned)),
  ].join("\n");
}

/** Why a run ended before all rows were asked, and how to go on; null when they were. */
export function describeEnd(run: RunReplay): string | null {
  const { end, tally, survey, spentNanoUsd, awaitedRequests } = run;
  const kept = `${formatCount(tally.complete)} of ${counted(survey.draw.rows, "row is", "rows are")} kept`;
  const again =
    awaitedRequests === 0
      ? "the same command goes on with the rest."
      : `${counted(awaitedRequests, "request is", "requests are")} being answered in batches: the same command ` +
        "books what they bring.";
  switch (end.kind) {
    case "finished":
      return tally.leftOutRows === 0
        ? null
        : `${rowsThat(tally.leftOutRows, "was", "were")} left out, because upstream could not serve ` +
            `that now (${reasons(tally.leftOut)}): the same command asks again.`;
    case "interrupted":
      return `Interrupted after ${formatUsd(spentNanoUsd)}: ${kept}, ${again}`;
    case "over_budget":
      return (
        `Stopped, because the next call could pass --max-usd (${formatUsd(spentNanoUsd)} spent): ` +
        `${kept}, ${again} The rows asked so far are the first ones, not a random part: for one, ` +
        "use --count."
      );
    case "upstream_refused":
      return `Stopped, because upstream refuses (${end.trouble.message}): ${kept}, ${again}`;
    case "upstream_unwell":
      return `Stopped, because upstream fails again and again (${end.trouble.message}): ${kept}, ${again}`;
  }
}

/** The same as data. */
export function replayJson(replay: PlannedReplay | RunReplay): object {
  const { survey, ...rest } = replay;
  const { problems, draw, ...counts } = survey;
  const { refused, byReason, first } = problems;
  const tally =
    "tally" in rest
      ? {
          tally: {
            complete: rest.tally.complete,
            known: rest.tally.known,
            completed: rest.tally.completed,
            notEligible: rest.tally.notEligible,
            leftOut: rest.tally.leftOut,
            tiers: rest.tally.tiers,
          },
        }
      : {};
  return {
    ...rest,
    ...tally,
    survey: {
      ...counts,
      rows: draw.rows,
      propensity: draw.propensity,
      refused,
      refusedByReason: byReason,
      problems: first,
    },
  };
}

function renderTiers({ tally, models }: RunReplay, paint: Paint): readonly string[] {
  if (tally.complete === 0) return ["  No row is complete yet."];
  const isLabelled = tally.tiers.some(({ right, wrong }) => right + wrong > 0);
  const columns = [
    { title: "model" },
    { title: "answers", align: "right" } as const,
    ...(isLabelled ? [{ title: "right", align: "right" } as const] : []),
    { title: "cost a row", align: "right" } as const,
    { title: "mean latency", align: "right" } as const,
  ];
  const rows = tally.tiers.map((tier) => [
    tier.models.length === 0 ? (models[tier.tier] ?? "") : tier.models.join(", "),
    formatCount(tier.answers),
    ...(isLabelled ? [rightCell(tier)] : []),
    tier.pricedRows === 0
      ? "unpriced"
      : formatUsd(divideHalfEven(tier.costNanoUsd, BigInt(tier.pricedRows))),
    tier.timedRows === 0 ? "–" : formatDuration(tier.latencyMsSum / tier.timedRows),
  ]);
  return renderTable(columns, rows, paint);
}

function rightCell({ right, wrong }: TierTally): string {
  const { share, interval, of } = observedShare(right, right + wrong);
  if (share === null || interval === null) return `${right} of ${of}`;
  const range = `${(interval.low * 100).toFixed(1)}–${formatShare(interval.high)}`;
  return `${formatShare(share)} (${range}) of ${formatCount(of)}`;
}

function renderNotes(run: RunReplay): readonly string[] {
  const notes: string[] = [];
  for (const { tier, missing, models } of run.tally.tiers) {
    if (Object.keys(missing).length === 0) continue;
    const model = models[0] ?? run.models[tier] ?? "";
    notes.push(`no usable answer of ${model}: ${reasons(missing)}`);
  }
  if (run.tally.tiers.some(({ right, wrong }) => right + wrong > 0)) {
    notes.push(
      "right: the same text as the row's ideal answer; one that says the same in other words is wrong",
    );
  }
  if (run.tally.completed > 0) {
    const words = "of an earlier run got the answers that were missing";
    notes.push(rowsThat(run.tally.completed, words, words));
  }
  const tooLong = Object.values(run.tally.notEligible).reduce((sum, count) => sum + count, 0);
  if (tooLong > 0)
    notes.push(rowsThat(tooLong, "is too long for a triage", "are too long for a triage"));
  return [...notes.map((note) => `  ${note}`), ...skippedNotes(run)];
}

function skippedNotes({ survey }: ReplayFrame): readonly string[] {
  const { repeats, otherRoute, notEligible, problems } = survey;
  const notes: string[] = [];
  if (repeats > 0) notes.push(rowsThat(repeats, "repeats an earlier one", "repeat an earlier one"));
  if (otherRoute > 0) notes.push(rowsThat(otherRoute, "names another route", "name another route"));
  if (Object.keys(notEligible).length > 0) {
    notes.push(`not for a triage, so not asked: ${reasons(notEligible)}`);
  }
  if (problems.refused > 0) notes.push(rowsThat(problems.refused, "was refused", "were refused"));
  return notes.map((note) => `  ${note}`);
}

function nextSteps({ tally, route }: RunReplay): readonly string[] {
  if (tally.complete === 0) return [];
  const isLabelled = tally.tiers.some(({ right, wrong }) => right + wrong > 0);
  return [
    `Next: leadsman report ${route}`,
    isLabelled
      ? `      leadsman tune ${route}`
      : `      leadsman grade ${route}  (no row has a label yet)`,
  ];
}

function rowsThat(count: number, one: string, many: string): string {
  return counted(count, `row ${one}`, `rows ${many}`);
}

function reasons(counts: Readonly<Partial<Record<string, number>>>): string {
  return Object.entries(counts)
    .map(([reason, count]) => `${formatCount(count ?? 0)} ${reason}`)
    .join(", ");
}

function withBlank(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}
