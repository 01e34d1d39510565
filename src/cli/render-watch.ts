import { counted, formatConfidence, formatCount } from "../reports/format-number.ts";
import type { StatusTask, StatusTier, StatusWatch } from "../reports/standing-report.ts";

/** Where the controller stands and what would move it, and what is wrong now: names and words. */
export function renderWatch({
  tiers,
  openAlerts,
}: StatusWatch): readonly (readonly [string, string])[] {
  return [
    ...tiers.flatMap((tier): readonly (readonly [string, string])[] => [
      ["errors", errorsOf(tier, tiers.length > 1)],
      ["next rung", nextOf(tier)],
      ...tier.tasks.map((one) => ["task", taskOf(tier, one, tiers.length > 1)] as const),
    ]),
    ...openAlerts.map(({ severity, summary, isExercise }): readonly [string, string] => [
      isExercise ? "exercise" : severity === "page" ? "ALERT" : "notice",
      summary,
    ]),
  ];
}

function errorsOf(tier: StatusTier, isOneOfMore: boolean): string {
  const { graded, wrong, allowedWrong, alarmShare, isSuspicious, isProved, rung } = tier;
  const which = tierWord(tier, isOneOfMore);
  const closer = isSuspicious ? "; looking closer" : "";
  const proved = isProved ? "; too many were wrong at some time, proved" : "";
  return (
    `${which}${formatCount(wrong)} of ${formatCount(graded)} graded wrong at ${rungWord(rung)}, ` +
    `${percent(allowedWrong)} allowed; ${percent(alarmShare)} of the evidence that raises it` +
    closer +
    proved
  );
}

function taskOf(
  tier: StatusTier,
  { task, by, graded, wrong, alarmShare, isAlarm }: StatusTask,
  isOneOfMore: boolean,
): string {
  const judged = by === "judge" ? " by the judge" : "";
  const evidence = isAlarm
    ? "more than allowed"
    : `${percent(alarmShare)} of the evidence that is told`;
  return (
    `${tierWord(tier, isOneOfMore)}${task}: ${formatCount(wrong)} of its last ` +
    `${formatCount(graded)} graded wrong${judged}; ${evidence}`
  );
}

function tierWord({ tier }: StatusTier, isOneOfMore: boolean): string {
  return isOneOfMore ? `tier ${String(tier + 1)}: ` : "";
}

function nextOf({ next }: StatusTier): string {
  if (next === null) return "none below that could be proved: near misses do not reach so far down";
  const { rung, graded, logEvidence, logNeeded, requestsToWait } = next;
  const wait =
    requestsToWait > 0 ? `, and ${counted(requestsToWait, "more request")} must pass` : "";
  return (
    `${rungWord(rung)} when ln of the evidence is ${logNeeded.toFixed(1)}; it is ` +
    `${logEvidence.toFixed(1)} by ${counted(graded, "graded answer")}${wait}`
  );
}

function rungWord(rung: number): string {
  return rung > 1 ? "never" : formatConfidence(rung);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
