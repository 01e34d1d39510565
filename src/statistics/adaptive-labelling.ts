import { logSafeRateEvidence } from "./safe-rate-evidence.ts";
import { requireArgument, requireOpenShare } from "./statistics-argument.ts";

/** Fixed before the first label. */
export interface LabellingPlan {
  /** Strictest first. */
  readonly thresholds: readonly number[];
  /** One for each threshold, summing to at most 1; see `geometricWeights`. */
  readonly weights: readonly number[];
  /** Allowed share of wrong answers among those that ship. */
  readonly atMost: number;
  readonly failureProbability: number;
  /** Labels that may be spent in all. */
  readonly labelBudget: number;
}

/** Where the walk stands. Plain JSON; its size does not grow with the rows. */
export interface LabellingState {
  /** Index of the threshold being tested. */
  readonly step: number;
  /** The first row that this threshold has not looked at. */
  readonly position: number;
  /** Of the rows looked at for this threshold. */
  readonly hits: number;
  readonly trials: number;
  /** Failure probability handed on by the threshold before. */
  readonly carry: number;
  readonly certified: readonly number[];
  readonly labelsSpent: number;
}

/** What to do next; the walk goes on with the state that comes with it. */
export type LabellingMove =
  /** Label this row, then come back. */
  | { readonly kind: "label"; readonly row: number; readonly state: LabellingState }
  /** `out_of_rows` only pauses: come back when more rows have arrived. */
  | {
      readonly kind: "stop";
      readonly reason: "all_tested" | "budget_spent" | "out_of_rows";
      readonly state: LabellingState;
    };

/** From so many labels on, a rate that is likely above the target ends the test of a threshold. */
const FUTILE_FROM_TRIALS = 150;

export function startLabelling(): LabellingState {
  return { step: 0, position: 0, hits: 0, trials: 0, carry: 0, certified: [], labelsSpent: 0 };
}

/**
 * Spends labels only where they decide something: walks from strict to loose and asks, in the order
 * of arrival, for the labels of rows that reach the present threshold, until the evidence suffices or
 * the test has become futile. Labels given before are used again and cost nothing.
 *
 * With probability 1 − `failureProbability` no certified threshold breaks the target, whenever the
 * walk stops: each test is an e-process (`logSafeRateEvidence`), and the tests are combined by
 * `fallbackProcedure`. Needs independent rows in their order of arrival; an order by anything that
 * knows of the labels voids it.
 *
 * @param confidences of all rows in the order of arrival; later calls may only append
 * @param isWrong the label of a row, or undefined while it has none
 */
export function nextLabel(
  plan: LabellingPlan,
  state: LabellingState,
  confidences: readonly number[],
  isWrong: (row: number) => boolean | undefined,
): LabellingMove {
  requirePlan(plan);
  const { labelsSpent } = state;
  let { step, position, hits, trials, carry, certified } = state;
  const snapshot = (): LabellingState => {
    return { step, position, hits, trials, carry, certified, labelsSpent };
  };
  while (step < plan.thresholds.length) {
    const threshold = plan.thresholds[step] ?? Infinity;
    const level = carry + (plan.weights[step] ?? 0) * plan.failureProbability;
    // Without a level, after a failure and without a weight, no label could prove anything.
    if (level <= 0) {
      [step, position, carry] = [step + 1, 0, 0];
      continue;
    }
    while (position < confidences.length && (confidences[position] ?? -1) < threshold) {
      position += 1;
    }
    if (position >= confidences.length) {
      return { kind: "stop", reason: "out_of_rows", state: snapshot() };
    }
    const label = isWrong(position);
    if (label === undefined) {
      if (labelsSpent >= plan.labelBudget) {
        return { kind: "stop", reason: "budget_spent", state: snapshot() };
      }
      const row = position;
      return { kind: "label", row, state: { ...snapshot(), labelsSpent: labelsSpent + 1 } };
    }
    position += 1;
    trials += 1;
    if (label) hits += 1;
    const verdict = verdictOn(hits, trials, plan.atMost, level);
    if (verdict === "open") continue;
    carry = verdict === "certified" ? level : 0;
    if (verdict === "certified") certified = [...certified, threshold];
    [step, position, hits, trials] = [step + 1, 0, 0, 0];
  }
  return { kind: "stop", reason: "all_tested", state: snapshot() };
}

function verdictOn(
  hits: number,
  trials: number,
  atMost: number,
  level: number,
): "certified" | "futile" | "open" {
  if (logSafeRateEvidence(hits, trials, atMost) >= -Math.log(level)) return "certified";
  const isFutile = trials >= FUTILE_FROM_TRIALS && (hits + 0.5) / (trials + 1) > atMost;
  return isFutile ? "futile" : "open";
}

function requirePlan({ thresholds, weights, atMost, failureProbability }: LabellingPlan): void {
  requireOpenShare("atMost", atMost);
  requireOpenShare("failureProbability", failureProbability);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const isFine = weights.length >= thresholds.length && sum <= 1 + 1e-9;
  requireArgument(isFine, "a weight for each threshold, summing to at most 1", {
    thresholds: thresholds.join(" "),
    weights: weights.join(" "),
  });
}
