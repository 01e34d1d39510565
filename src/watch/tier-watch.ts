import { startBetting, type BettingState } from "../statistics/betting-wealth.ts";
import {
  errorSubject,
  errorText,
  judgeText,
  moveText,
  taskText,
  tierSubject,
  withWorstTask,
  type AlertText,
  type ErrorSource,
} from "./alert-texts.ts";
import {
  controlThreshold,
  startControl,
  type ControlPlan,
  type ControlState,
  type ThresholdMove,
} from "./control-threshold.ts";
import { startErrorWatch, watchError, watchRecovery, type ErrorState } from "./error-watch.ts";
import { startJudgeWatch, watchJudge, type JudgeState } from "./judge-watch.ts";
import type { ReadVerdict } from "./read-verdict.ts";
import {
  forgetUntold,
  markTold,
  restartTasks,
  standingTasks,
  untoldAlarm,
  watchTask,
  type TaskStanding,
  type TaskState,
} from "./task-watch.ts";
import { relativeWeight } from "./watched-verdict.ts";

/** What is remembered of a tier that may ship, for one model and prompt. Plain JSON. */
export interface TierState {
  readonly tier: number;
  readonly model: string;
  readonly promptHash: string;
  readonly atMost: number;
  readonly control: ControlState;
  readonly truth: ErrorState;
  readonly judged: ErrorState;
  /** What speaks for an alarm being over; null while there is none. */
  readonly recovery: BettingState | null;
  readonly judgedRecovery: BettingState | null;
  readonly judge: JudgeState;
  /** The kinds of work that verdicts name; absent in what was stored before they were watched. */
  readonly tasks?: readonly TaskState[];
  /** Answers to the same body count once; the latest few hundred are remembered. */
  readonly bodies: readonly string[];
}

/** What a step leads to, in order. */
export type TierEvent =
  | {
      readonly kind: "open";
      readonly text: AlertText;
      /** Takes over what was done by the alert that is open for the same cause. */
      readonly isAfterMove: boolean;
    }
  | { readonly kind: "resolve"; readonly rule: AlertText["rule"]; readonly subject: string | null }
  | { readonly kind: "move"; readonly move: ThresholdMove };

export interface TierStep {
  readonly state: TierState;
  readonly events: readonly TierEvent[];
}

const MOST_BODIES = 300;

export function startTier(
  of: Pick<TierState, "tier" | "model" | "promptHash">,
  plan: ControlPlan,
  threshold: number,
): TierState {
  return {
    ...of,
    atMost: plan.atMost,
    control: startControl(plan, threshold),
    truth: startErrorWatch(plan.atMost),
    judged: startErrorWatch(plan.atMost),
    recovery: null,
    judgedRecovery: null,
    judge: startJudgeWatch(),
    tasks: [],
    bodies: [],
  };
}

/**
 * Takes over what is open: an alarm does not end because another model, prompt or limit came, and is
 * over when that is proved of the new one.
 */
export function withOpenAlarms(fresh: TierState, before: TierState): TierState {
  return {
    ...fresh,
    recovery: before.recovery === null ? null : startBetting(),
    judgedRecovery: before.judgedRecovery === null ? null : startBetting(),
    tasks: restartTasks(fresh.atMost, before.tasks ?? []),
  };
}

/** Lets requests pass, graded or not. */
export function passRequests(
  route: string,
  plan: ControlPlan,
  state: TierState,
  count: number,
): TierStep {
  const step = controlThreshold(plan, state.control, { kind: "requests", count });
  const events = step.move === null ? [] : moveEvents(route, state.tier, step.move);
  return { state: { ...state, control: step.state }, events };
}

/** Takes one verdict to all who wait for it. */
export function watchVerdict(
  route: string,
  plan: ControlPlan,
  before: TierState,
  read: ReadVerdict,
): TierStep {
  const { bodyHash, by } = read;
  const compared = compareJudge(before, read.isJudgeDifferent);
  const seen = bodyHash === null ? null : `${by} ${bodyHash}`;
  if (seen !== null && read.isFirst && before.bodies.includes(seen)) return compared;
  const { bodies } = before;
  const state =
    seen === null || !read.isFirst
      ? compared.state
      : { ...compared.state, bodies: [...bodies, seen].slice(-MOST_BODIES) };
  const step = by === "judge" ? judgeStep(state, read) : truthStep(route, plan, state, read);
  const told = tellTask(route, state, step, read);
  return { state: told.state, events: [...compared.events, ...told.events] };
}

function truthStep(
  route: string,
  plan: ControlPlan,
  before: TierState,
  read: ReadVerdict,
): TierStep {
  const { verdict, isFirst, isFirstDecisive } = read;
  const counts = isFirst || (isFirstDecisive && verdict.isWrong !== null);
  if (!counts) return { state: before, events: [] };
  const errors = errorStep(before, read);
  // Undecided first, told later: the looser rung has had it as wrong, and does not get it again.
  const told = isFirst ? verdict : { ...verdict, threshold: Infinity };
  const control = controlThreshold(plan, before.control, { kind: "verdict", verdict: told });
  const moved = control.move === null ? [] : moveEvents(route, before.tier, control.move);
  const isAlarm = moved.some(({ kind }) => kind === "open");
  const state = { ...errors.state, control: control.state };
  return {
    state: isAlarm && state.recovery === null ? { ...state, recovery: startBetting() } : state,
    events: [...moved, ...errors.events],
  };
}

function judgeStep(before: TierState, read: ReadVerdict): TierStep {
  if (!read.isFirstDecisive) return { state: before, events: [] };
  return errorStep(before, read);
}

/** Alarms by one kind of grader, and their end: of the whole tier, and the end of those of tasks. */
function errorStep(
  before: TierState,
  { verdict, by, task, answeredMs }: Pick<ReadVerdict, "verdict" | "by" | "task" | "answeredMs">,
): TierStep {
  const { isWrong, decision, confidence } = verdict;
  const isOfNow = decision === "shipped" && confidence >= before.control.threshold;
  if (isWrong === null || !isOfNow) return { state: before, events: [] };
  const weight = relativeWeight(verdict);
  const { atMost, tier } = before;
  const isJudge = by === "judge";
  const step = watchError(atMost, isJudge ? before.judged : before.truth, { isWrong, weight });
  const recovery = isJudge ? before.judgedRecovery : before.recovery;
  const events: TierEvent[] = [];
  let next = recovery;
  if (step.isAlarm) {
    const text = errorText({ atMost, total: step.total, state: step.state }, { tier, by }, null);
    events.push({ kind: "open", text, isAfterMove: true });
    next = startBetting();
  } else if (recovery !== null) {
    next = watchRecovery(atMost, recovery, { isWrong, weight });
    if (next === null) events.push(resolveOf({ tier, by, task: null }));
  }
  const state: TierState = isJudge
    ? { ...before, judged: step.state, judgedRecovery: next }
    : { ...before, truth: step.state, recovery: next };
  if (task === null) return { state, events };
  const ofTask = watchTask(atMost, before.tasks ?? [], { task, by, isWrong, weight, answeredMs });
  events.push(...ofTask.over.map((one) => resolveOf({ tier, ...one })));
  return { state: { ...state, tasks: ofTask.tasks }, events };
}

/**
 * Whoever is told of the whole tier is told which task is the worst, and of no task beside it. What
 * alarms in a task while the tier has no alarm is told by itself, and moves nothing.
 */
function tellTask(route: string, before: TierState, step: TierStep, read: ReadVerdict): TierStep {
  const { by, task } = read;
  const { atMost, recovery, judgedRecovery } = step.state;
  let tasks = step.state.tasks;
  if (tasks === undefined) return step;
  const worst = standingTasks(tasks).find((one) => one.by === by);
  const events = step.events.map((event) => withWorst(event, worst));
  if (before.recovery !== null && recovery === null) {
    tasks = forgetUntold(atMost, forgetUntold(atMost, tasks, "truth"), "judge");
  }
  if (before.judgedRecovery !== null && judgedRecovery === null) {
    tasks = forgetUntold(atMost, tasks, "judge");
  }
  const isTierTold = recovery !== null || (by === "judge" && judgedRecovery !== null);
  const untold = task === null || isTierTold ? null : untoldAlarm(tasks, task, by);
  if (untold !== null) {
    events.push({ kind: "open", text: taskText(route, step.state, untold), isAfterMove: false });
    tasks = markTold(tasks, untold);
  }
  return { state: { ...step.state, tasks }, events };
}

function withWorst(event: TierEvent, worst: TaskStanding | undefined): TierEvent {
  const isAlarm = event.kind === "open" && event.text.rule === "false_confident";
  return isAlarm ? { ...event, text: withWorstTask(event.text, worst) } : event;
}

function resolveOf(source: ErrorSource): TierEvent {
  return { kind: "resolve", rule: "false_confident", subject: errorSubject(source) };
}

function compareJudge(state: TierState, isDifferent: boolean | null): TierStep {
  if (isDifferent === null) return { state, events: [] };
  const { judge, tier } = state;
  const step = watchJudge(judge, isDifferent);
  const events: TierEvent[] = [];
  if (step.isAlarm) {
    const compared = judge.later.compared + 1;
    const differed = judge.later.differed + (isDifferent ? 1 : 0);
    const text = judgeText(tier, { compared, differed, bound: judge.bound ?? 0 });
    events.push({ kind: "open", text, isAfterMove: false });
  }
  if (step.isSettled) {
    events.push({ kind: "resolve", rule: "judge_agreement", subject: tierSubject(tier) });
  }
  return { state: { ...state, judge: step.state }, events };
}

/** A lowering that is made is in the audit; one that is proved and not made waits for somebody. */
function moveEvents(route: string, tier: number, move: ThresholdMove): readonly TierEvent[] {
  const open: TierEvent = { kind: "open", text: moveText(route, tier, move), isAfterMove: false };
  if (!move.isApplied) return [open];
  const made: readonly TierEvent[] = [
    { kind: "move", move },
    { kind: "resolve", rule: "lowering_proved", subject: tierSubject(tier) },
  ];
  return move.direction === "raise" ? [...made, open] : made;
}
