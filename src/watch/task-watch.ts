import { startBetting, type BettingState } from "../statistics/betting-wealth.ts";
import { detectChange, startDetector, type DetectorState } from "../statistics/change-detector.ts";
import { errorDetectorPlan } from "../statistics/detector-plans.ts";
import { detectorTotal, PAGER_LEVEL, SUSPICION_LEVEL, watchRecovery } from "./error-watch.ts";

/** What is remembered of one kind of work in what a tier ships. Plain JSON. */
export interface TaskState {
  readonly task: string;
  /** When the newest of its answers was given that somebody has graded. */
  readonly latestMs: number;
  /** By labels and people; null = none has graded it yet. */
  readonly truth: TaskErrors | null;
  readonly judge: TaskErrors | null;
}

/** Below 400 bytes. */
export interface TaskErrors {
  readonly detector: DetectorState;
  /** The last hundred verdicts and more, in two parts, so that neither has to be remembered singly. */
  readonly earlier: GradedCount;
  readonly recent: GradedCount;
  /** Null while there is none. */
  readonly alarm: TaskAlarm | null;
}

export interface GradedCount {
  readonly graded: number;
  readonly wrong: number;
}

export interface TaskAlarm {
  /** What speaks for its being over. */
  readonly recovery: BettingState;
  /** False: it came while the alarm of the whole tier was open, which says enough. */
  readonly isTold: boolean;
}

/** A verdict on an answer that shipped, and would ship now. */
export interface TaskVerdict {
  readonly task: string;
  readonly by: TaskGrader;
  readonly isWrong: boolean;
  /** See `relativeWeight`. */
  readonly weight: number;
  /** When the answer was given. */
  readonly answeredMs: number;
}

export type TaskGrader = "truth" | "judge";

export interface TaskStep {
  readonly tasks: readonly TaskState[];
  /** Alarms that had been told and are over. */
  readonly over: readonly { readonly task: string; readonly by: TaskGrader }[];
}

/** A kind of work of which more may be wrong than is allowed. */
export interface TaskStanding {
  readonly task: string;
  readonly by: TaskGrader;
  /** Of its last verdicts, 200 at most. */
  readonly graded: number;
  readonly wrong: number;
  /** How far the evidence is, as a share of what alarms, 0–1. */
  readonly alarmShare: number;
  readonly isAlarm: boolean;
}

/** What the router admits, and the one that the rest is booked under. */
export const MOST_TASKS = 101;
/** A task is worth a look from this sum on: well above where the many that are fine rest. */
const STANDING_LEVEL = PAGER_LEVEL / 10;
/** An alarm of which nobody grades anything for so long is over: nothing is known any more. */
const IDLE_MS = 7 * 86_400_000;
const RECENT_VERDICTS = 100;
const NOTHING: GradedCount = { graded: 0, wrong: 0 };
const GRADERS: readonly TaskGrader[] = ["truth", "judge"];

/**
 * Takes a verdict to the detector of its task, one for each task that a verdict names. A detector
 * steps on the answers of its own task alone. Its sum less the number of these answers is a
 * supermartingale while no more than `atMost` of them is wrong, so its false alarms are at most that
 * number divided by `PAGER_LEVEL`, on average. Tasks share no answer: summed over all of them, however
 * many, and however their answers interleave, false alarms stay at least `PAGER_LEVEL` graded answers
 * apart, and nothing is to be paid for their number. To begin anew only lowers a sum.
 *
 * J. Shin, A. Ramdas and A. Rinaldo, "E-detectors: a nonparametric framework for sequential change
 * detection" (2022), arXiv 2203.03532.
 *
 * @param before in the order of their last verdicts; the one that was seen longest ago gives way
 */
export function watchTask(
  atMost: number,
  before: readonly TaskState[],
  verdict: TaskVerdict,
): TaskStep {
  const { task, by, answeredMs } = verdict;
  const known = before.find((one) => one.task === task);
  const others = before.filter((one) => one !== known);
  const idle = others.filter((one) => hasAlarm(one) && answeredMs - one.latestMs > IDLE_MS);
  const rest = others.filter((one) => !idle.includes(one));
  const over = idle.flatMap(toldOf);
  const room = rest.length < MOST_TASKS ? rest : withoutOldest(rest);
  if (room.length >= MOST_TASKS) return { tasks: rest, over };
  const errors = known?.[by] ?? startErrors(atMost);
  const next = watchErrors(atMost, errors, verdict);
  const isOver = errors.alarm?.isTold === true && next.alarm === null;
  return {
    tasks: [
      ...room,
      {
        task,
        latestMs: Math.max(known?.latestMs ?? answeredMs, answeredMs),
        truth: by === "truth" ? next : (known?.truth ?? null),
        judge: by === "judge" ? next : (known?.judge ?? null),
      },
    ],
    over: isOver ? [...over, { task, by }] : over,
  };
}

/** The alarm of a task that nobody has been told of; null = there is none. */
export function untoldAlarm(
  tasks: readonly TaskState[],
  task: string,
  by: TaskGrader,
): TaskStanding | null {
  const one = tasks.find((other) => other.task === task);
  const errors = one?.[by] ?? null;
  return errors?.alarm?.isTold === false ? standingOf(task, by, errors) : null;
}

export function markTold(
  tasks: readonly TaskState[],
  { task, by }: Pick<TaskStanding, "task" | "by">,
): readonly TaskState[] {
  return tasks.map((one) =>
    one.task === task
      ? withErrors(one, by, ({ alarm, ...errors }) => ({
          ...errors,
          alarm: alarm === null ? null : { ...alarm, isTold: true },
        }))
      : one,
  );
}

/**
 * After the alarm of the whole tier is over: what alarmed meanwhile may have been a part of it, and
 * is told when it alarms by what comes now.
 */
export function forgetUntold(
  atMost: number,
  tasks: readonly TaskState[],
  by: TaskGrader,
): readonly TaskState[] {
  return tasks.map((one) =>
    withErrors(one, by, (errors) =>
      errors.alarm?.isTold === false
        ? { ...errors, detector: startErrors(atMost).detector, alarm: null }
        : errors,
    ),
  );
}

/** For another model, prompt or limit: of what was, only alarms that were told go on, until it is well. */
export function restartTasks(atMost: number, before: readonly TaskState[]): readonly TaskState[] {
  const restart = (errors: TaskErrors | null): TaskErrors | null =>
    errors?.alarm?.isTold === true
      ? { ...startErrors(atMost), alarm: { recovery: startBetting(), isTold: true } }
      : null;
  return before
    .map((one) => ({ ...one, truth: restart(one.truth), judge: restart(one.judge) }))
    .filter(hasAlarm);
}

/** The tasks whose evidence stands out, worst first. */
export function standingTasks(tasks: readonly TaskState[]): readonly TaskStanding[] {
  return tasks
    .flatMap((one) =>
      GRADERS.flatMap((by) => {
        const errors = one[by];
        return errors === null ? [] : [standingOf(one.task, by, errors)];
      }),
    )
    .filter(({ isAlarm, alarmShare }) => isAlarm || alarmShare >= STANDING_LEVEL / PAGER_LEVEL)
    .toSorted(
      (one, other) =>
        other.alarmShare - one.alarmShare || other.wrong / other.graded - one.wrong / one.graded,
    );
}

function standingOf(task: string, by: TaskGrader, errors: TaskErrors): TaskStanding {
  const { earlier, recent, alarm, detector } = errors;
  return {
    ...{ task, by },
    graded: earlier.graded + recent.graded,
    wrong: earlier.wrong + recent.wrong,
    alarmShare: alarm === null ? Math.min(1, detectorTotal(detector) / PAGER_LEVEL) : 1,
    isAlarm: alarm !== null,
  };
}

function startErrors(atMost: number): TaskErrors {
  const detector = startDetector(planOf(atMost));
  return { detector, earlier: NOTHING, recent: NOTHING, alarm: null };
}

function watchErrors(
  atMost: number,
  before: TaskErrors,
  { isWrong, weight }: Pick<TaskVerdict, "isWrong" | "weight">,
): TaskErrors {
  const value = isWrong ? 1 : 0;
  const step = detectChange(planOf(atMost), before.detector, value, weight);
  const isFull = before.recent.graded >= RECENT_VERDICTS;
  const recent = isFull ? NOTHING : before.recent;
  return {
    detector: step.state,
    earlier: isFull ? before.recent : before.earlier,
    recent: { graded: recent.graded + 1, wrong: recent.wrong + value },
    alarm: nextAlarm(atMost, before.alarm, step.signal === "alarm", { isWrong, weight }),
  };
}

/** One that comes again while it lasts is not told again: it puts off the end. */
function nextAlarm(
  atMost: number,
  before: TaskAlarm | null,
  isAlarm: boolean,
  verdict: Pick<TaskVerdict, "isWrong" | "weight">,
): TaskAlarm | null {
  if (isAlarm) return { recovery: startBetting(), isTold: before?.isTold ?? false };
  if (before === null) return null;
  const recovery = watchRecovery(atMost, before.recovery, verdict);
  return recovery === null ? null : { ...before, recovery };
}

function planOf(atMost: number): ReturnType<typeof errorDetectorPlan> {
  return errorDetectorPlan(atMost, { alarmLevel: PAGER_LEVEL, warnLevel: SUSPICION_LEVEL });
}

function hasAlarm(one: TaskState): boolean {
  return GRADERS.some((by) => (one[by]?.alarm ?? null) !== null);
}

function toldOf(one: TaskState): TaskStep["over"] {
  return GRADERS.filter((by) => one[by]?.alarm?.isTold === true).map((by) => ({
    task: one.task,
    by,
  }));
}

/** Whoever alarms stays: else nobody would be told that it is over. */
function withoutOldest(tasks: readonly TaskState[]): readonly TaskState[] {
  const oldest = tasks.find((one) => !hasAlarm(one));
  return tasks.filter((one) => one !== oldest);
}

function withErrors(
  one: TaskState,
  by: TaskGrader,
  change: (errors: TaskErrors) => TaskErrors,
): TaskState {
  const errors = one[by];
  if (errors === null) return one;
  const changed = change(errors);
  return by === "truth" ? { ...one, truth: changed } : { ...one, judge: changed };
}
