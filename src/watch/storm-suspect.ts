import { escalatedOf, STORM_CAUSES, type CauseCounts, type StormCause } from "./storm-class.ts";

export const STORM_SUSPECTS = [
  "model_errors",
  "unreadable_verdicts",
  "confidence_collapse",
  "traffic_mix",
  "model_change",
  "prompt_change",
  "threshold_raise",
] as const;
export type StormSuspect = (typeof STORM_SUSPECTS)[number];

/** What may have changed about a route, and makes more of it escalate. */
export type StormChange = Extract<
  StormSuspect,
  "model_change" | "prompt_change" | "threshold_raise"
>;

/** What is known beside a storm. */
export interface StormTrace {
  readonly since: CauseCounts;
  readonly base: CauseCounts;
  /** What changed shortly before or in it; null = nothing. */
  readonly change: StormChange | null;
  /** The kinds of work in it; empty where the class is of one kind itself. */
  readonly tasks: readonly TaskTrace[];
}

export interface TaskTrace {
  /** Requests since the start of the storm. */
  readonly requests: number;
  /** Before it: how many escalated, of how many. */
  readonly escalatedBefore: number;
  readonly requestsBefore: number;
}

const SUSPECT_OF: Readonly<Record<StormCause, StormSuspect>> = {
  model_errors: "model_errors",
  unreadable_verdicts: "unreadable_verdicts",
  low_confidence: "confidence_collapse",
};

/** Fewer requests before the storm say nothing of how it was. */
const LEAST_BEFORE = 30;

/**
 * The likely cause. A change of the model, the prompt or the threshold comes first; then a mix of work that would
 * explain half of the rise at the old rates; then whatever grew most. A guess, for whoever looks.
 */
export function suspectOf({ since, base, change, tasks }: StormTrace): StormSuspect {
  if (change !== null) return change;
  if (isOfMix({ since, base, tasks })) return "traffic_mix";
  const isKnown = base.trials >= LEAST_BEFORE;
  const grownBy = (cause: StormCause): number =>
    shareOf(since, since.causes[cause]) - (isKnown ? shareOf(base, base.causes[cause]) : 0);
  const worst = STORM_CAUSES.reduce((one, other) => (grownBy(other) > grownBy(one) ? other : one));
  return SUSPECT_OF[worst];
}

function isOfMix({ since, base, tasks }: Omit<StormTrace, "change">): boolean {
  const known = tasks.filter(({ requestsBefore }) => requestsBefore >= LEAST_BEFORE);
  const requests = known.reduce((sum, task) => sum + task.requests, 0);
  if (known.length < 2 || requests < since.trials / 2 || base.trials < LEAST_BEFORE) return false;
  const expected = known.reduce(
    (sum, task) => sum + (task.requests / requests) * (task.escalatedBefore / task.requestsBefore),
    0,
  );
  const before = shareOf(base, escalatedOf(base));
  const rise = shareOf(since, escalatedOf(since)) - before;
  return expected - before >= rise / 2;
}

function shareOf({ trials }: CauseCounts, hits: number): number {
  return trials === 0 ? 0 : hits / trials;
}
