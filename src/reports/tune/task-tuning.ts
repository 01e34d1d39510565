import type { TuningLook } from "../../ledger/ledger.ts";
import { bestOutcome } from "../../ledger/records/best-outcome.ts";
import { zeroErrorTrials } from "../../statistics/labels-needed.ts";
import { formatCount } from "../format-number.ts";
import type { TuningEvidence } from "./ask-evidence.ts";
import { failureProbabilityOf, type TuningGoal } from "./tuning-goal.ts";
import { tuningReport, type TuningReport } from "./tuning-report.ts";

/** What the evidence of each kind of work allows to promise, each by itself. */
export interface TaskTuning {
  readonly tasks: readonly TunedTask[];
  /** What the promises mean beside each other, and that they are not applied. */
  readonly sentence: string;
}

export interface TunedTask {
  /** Null = requests that name no task; `other` where several are pooled. */
  readonly task: string | null;
  /** The tasks that are pooled; empty = one by itself. */
  readonly pooled: readonly (string | null)[];
  /** At the goal's confidence for this task alone. */
  readonly report: TuningReport;
  /** The threshold when all tasks together are to keep the goal's confidence; null = none. */
  readonly thresholdTogether: number | null;
}

/** The name under which tasks with few labels are pooled. */
const POOLED = "other";

/**
 * Tunes each task by itself. Tasks with too few graded rows to certify anything even without an error
 * are pooled, and what holds for the pool holds for its mix only. Which ones are pooled hangs on how
 * many rows are graded, never on how.
 *
 * Each promise fails with the goal's failure probability: of twenty that hold at 95 %, one may not.
 * With the failure probability divided by their number, all hold together at the goal's confidence
 * (a union bound).
 */
export function tuneByTask(
  route: string,
  evidence: Required<TuningEvidence>,
  goal: TuningGoal,
  options: {
    readonly nowMs: number;
    readonly looks?: readonly TuningLook[];
    readonly fromMs?: number;
  },
): TaskTuning {
  const groups = groupTasks(evidence, goal);
  const tasks = groups.map(({ task, pooled }): TunedTask => {
    const own = ofTasks(evidence, pooled.length === 0 ? [task] : pooled);
    const named = { ...options, task: task ?? "" };
    const report = tuningReport(route, own, goal, named);
    const left = report.looks.failureProbability;
    // The same evidence at the same moment: a stricter question is no further look.
    const strict = { ...goal, confidence: 1 - left / groups.length };
    const { threshold } =
      left > 0 ? tuningReport(route, own, strict, { nowMs: options.nowMs }) : { threshold: null };
    return { task, pooled, report: { ...report, task }, thresholdTogether: threshold };
  });
  return { tasks, sentence: sentenceOf(tasks) };
}

function groupTasks(
  { evidence }: Pick<TuningEvidence, "evidence">,
  goal: TuningGoal,
): readonly { readonly task: string | null; readonly pooled: readonly (string | null)[] }[] {
  const graded = new Map<string | null, number>();
  for (const { key, items } of evidence) {
    const rows = key.tier === 0 && bestOutcome(key.cheap) !== null ? items : 0;
    graded.set(key.task, (graded.get(key.task) ?? 0) + rows);
  }
  const least = zeroErrorTrials(goal.atMost, failureProbabilityOf(goal));
  const tasks = [...graded].toSorted(([, a], [, b]) => b - a);
  const large = tasks.filter(([, rows]) => rows >= least).map(([task]) => task);
  const small = tasks.filter(([, rows]) => rows < least).map(([task]) => task);
  const alone = small.length === 1 ? [...large, ...small] : large;
  return [
    ...alone.map((task) => ({ task, pooled: [] })),
    ...(small.length > 1 ? [{ task: POOLED, pooled: small }] : []),
  ];
}

function ofTasks(
  { evidence, triages, clustered, liveRanges }: Required<TuningEvidence>,
  tasks: readonly (string | null)[],
): TuningEvidence {
  const isMeant = ({ task }: { readonly task: string | null }): boolean => tasks.includes(task);
  return {
    evidence: evidence.filter(({ key }) => isMeant(key)),
    triages: triages.filter(isMeant),
    clustered: clustered?.filter(isMeant) ?? null,
    liveRanges,
  };
}

function sentenceOf(tasks: readonly TunedTask[]): string {
  const pooled = tasks.some((task) => task.pooled.length > 0)
    ? ` What holds for ${POOLED} holds for its mix of tasks, not for each of them.`
    : "";
  const apart =
    tasks.length > 1
      ? `Each promise is about its own task and fails by itself; with those marked "together" all ` +
        `${formatCount(tasks.length)} hold at once.`
      : "There is one task only.";
  return `${apart}${pooled} A route has one threshold for all its tasks, so none of these is applied: give a task a route of its own.`;
}
