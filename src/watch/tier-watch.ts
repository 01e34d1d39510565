import {
  logBettingEvidence,
  observeBet,
  startBetting,
  type BettingState,
} from "../statistics/betting-wealth.ts";
import {
  errorSubject,
  errorText,
  judgeText,
  moveText,
  tierSubject,
  type AlertText,
} from "./alert-texts.ts";
import {
  controlThreshold,
  startControl,
  type ControlPlan,
  type ControlState,
  type ThresholdMove,
} from "./control-threshold.ts";
import { startErrorWatch, watchError, type ErrorState } from "./error-watch.ts";
import { startJudgeWatch, watchJudge, type JudgeState } from "./judge-watch.ts";
import type { ReadVerdict } from "./read-verdict.ts";
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

/** An alarm is over when it is proved so, with this chance of being wrong. */
const RECOVERY_FAILURE = 0.05;
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
  return { state: step.state, events: [...compared.events, ...step.events] };
}

function truthStep(
  route: string,
  plan: ControlPlan,
  before: TierState,
  { verdict, isFirst, isFirstDecisive }: ReadVerdict,
): TierStep {
  const counts = isFirst || (isFirstDecisive && verdict.isWrong !== null);
  if (!counts) return { state: before, events: [] };
  const errors = errorStep(before, "truth", before.control.threshold, { verdict });
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
  return errorStep(before, "judge", before.control.threshold, read);
}

/** Alarms of one kind of grader, and their end. */
function errorStep(
  before: TierState,
  by: "truth" | "judge",
  threshold: number,
  { verdict }: Pick<ReadVerdict, "verdict">,
): TierStep {
  const { isWrong, decision, confidence } = verdict;
  const isOfNow = decision === "shipped" && confidence >= threshold;
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
    const claim = { claim: "at_least", mean: atMost, largestWeight: 1 } as const;
    next = observeBet(recovery, claim, { value: isWrong ? 1 : 0, weight });
    if (logBettingEvidence(next) >= -Math.log(RECOVERY_FAILURE)) {
      const subject = errorSubject({ tier, by, task: null });
      events.push({ kind: "resolve", rule: "false_confident", subject });
      next = null;
    }
  }
  const state: TierState = isJudge
    ? { ...before, judged: step.state, judgedRecovery: next }
    : { ...before, truth: step.state, recovery: next };
  return { state, events };
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
