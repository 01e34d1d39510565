import { exactInterval } from "../../statistics/exact-interval.ts";
import { tierWorth } from "../../statistics/tier-worth.ts";
import { counted, formatCount, formatShare } from "../format-number.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import type { Advice, AdviceFacts, AdviceRule, MiddleTierFacts } from "./advice.ts";
import { adviseOnCandidate } from "./advise-on-candidate.ts";
import { adviseOnMoney } from "./advise-on-money.ts";

/** What all rules together come to, and the rule that decided it. */
export interface AdviceReport {
  readonly verdict: "route" | "do_not_route" | "not_known_yet";
  /** The first rule that speaks against routing or lacks a number; null when all speak for it. */
  readonly decidedBy: AdviceRule | null;
  readonly advice: readonly Advice[];
}

/**
 * Whether to route at all, and over how many tiers. One rule against is enough; with none against,
 * one that lacks its numbers leaves it open. Tiers are advised on beside that.
 */
export function advise(facts: AdviceFacts): AdviceReport {
  const onRouting = [...adviseOnMoney(facts), ...adviseOnQuality(facts)];
  const against = onRouting.find(({ says }) => says === "do_not_route");
  const open = onRouting.find(({ says }) => says === "not_known_yet");
  const { inForce, candidates } = facts.middleTiers;
  const advice = [
    ...onRouting,
    ...inForce.map((tier) => adviseOnTier(tier, true)),
    ...candidates.map((tier) => adviseOnTier(tier, false)),
    ...facts.tried.map((candidate) => adviseOnCandidate(candidate, facts.atMost)),
  ];
  if (against !== undefined) return { verdict: "do_not_route", decidedBy: against.rule, advice };
  if (open !== undefined) return { verdict: "not_known_yet", decidedBy: open.rule, advice };
  return { verdict: "route", decidedBy: null, advice };
}

/** Accuracy from which a cascade has no room to be wrong in. */
const TIGHTEST_AT_MOST = 0.001;

const MOST_ON_ONE_CONFIDENCE = 0.85;

const HARDLY_SORTS = 0.6;

function adviseOnQuality(facts: AdviceFacts): readonly Advice[] {
  return [
    accuracyBar(facts),
    deepAccuracy(facts),
    signal(facts),
    oneConfidence(facts),
    bestConfidence(facts),
  ];
}

function accuracyBar({ atMost }: AdviceFacts): Advice {
  const isTooTight = atMost <= TIGHTEST_AT_MOST + 1e-12;
  return {
    rule: "accuracy_bar",
    says: isTooTight ? "do_not_route" : "route",
    sentence: isTooTight
      ? `At most ${percent(atMost)} wrong leaves no room: send everything to the deep model.`
      : `At most ${percent(atMost)} wrong leaves room to route in.`,
  };
}

function deepAccuracy({ deepError, atMost }: AdviceFacts): Advice {
  const rule = "deep_accuracy";
  if (deepError === null) {
    return {
      rule,
      says: "route",
      sentence: "How often the deep model is wrong is not known, and so no reason against it.",
    };
  }
  const range = `${formatShare(deepError.low)} to ${formatShare(deepError.high)}`;
  return deepError.low > atMost
    ? {
        rule,
        says: "do_not_route",
        sentence: `The deep model itself is wrong in ${range} and misses the ${percent(atMost)}.`,
      }
    : { rule, says: "route", sentence: `The deep model is wrong in ${range}.` };
}

function signal({ ranking, failingClasses }: AdviceFacts): Advice {
  const rule = "signal";
  if (ranking === null || failingClasses === null) {
    const sentence =
      "Whether anything separates right from wrong is not known yet: too few grades.";
    return { rule, says: "not_known_yet", sentence };
  }
  const { area, interval } = ranking;
  const range =
    interval === null
      ? ""
      : ` (95 % interval ${interval.low.toFixed(2)}–${interval.high.toFixed(2)})`;
  const sorts = `The confidence sorts with an AUROC of ${area.toFixed(2)}${range}`;
  const isSorting = interval === null ? area === 1 : interval.low > HARDLY_SORTS;
  if (isSorting) return { rule, says: "route", sentence: `${sorts}.` };
  if (failingClasses > 0) {
    const classes = counted(failingClasses, "slice");
    const fail = failingClasses === 1 ? "fails more: send it deep" : "fail more: send those deep";
    const sentence = `${sorts}, hardly more than lots, but ${classes} of input ${fail}.`;
    return { rule, says: "route", sentence };
  }
  const sentence = `${sorts}, and no class of input fails more than others: every request is unique.`;
  return { rule, says: "do_not_route", sentence };
}

function oneConfidence({ largestAtom }: AdviceFacts): Advice {
  const rule = "one_confidence";
  if (largestAtom === null || largestAtom.of < MIN_OBSERVATIONS) {
    const stated = `${counted(largestAtom?.of ?? 0, "triage")} stated a confidence`;
    return { rule, says: "not_known_yet", sentence: `Too few to judge by: ${stated}.` };
  }
  const { count, of } = largestAtom;
  const { low, high } = exactInterval(count, of);
  const share = `${formatShare(count / of)} of ${counted(of, "triage")}`;
  if (low > MOST_ON_ONE_CONFIDENCE) {
    const sentence = `${share} state one and the same confidence; no threshold parts them.`;
    return { rule, says: "do_not_route", sentence };
  }
  return high <= MOST_ON_ONE_CONFIDENCE
    ? { rule, says: "route", sentence: `The most frequent confidence is on ${share}.` }
    : {
        rule,
        says: "not_known_yet",
        sentence: `The most frequent confidence is on ${share}, which may be more than a threshold can part.`,
      };
}

function bestConfidence({ bestAtomErrorLow, atMost }: AdviceFacts): Advice {
  const rule = "best_confidence";
  if (bestAtomErrorLow === null) {
    return { rule, says: "not_known_yet", sentence: "No confidence has enough grades yet." };
  }
  const low = formatShare(bestAtomErrorLow);
  return bestAtomErrorLow > atMost
    ? {
        rule,
        says: "do_not_route",
        sentence: `Even the best confidence is wrong in at least ${low}, above ${percent(atMost)}.`,
      }
    : { rule, says: "route", sentence: `The best confidence may keep the ${percent(atMost)}.` };
}

function adviseOnTier(tier: MiddleTierFacts, isInForce: boolean): Advice {
  const { model, shipped, reached, costUsd, deepUsd } = tier;
  const rule = "middle_tier";
  if (costUsd === null || deepUsd === null || deepUsd <= 0 || reached === 0) {
    return { rule, says: "not_known_yet", sentence: `Whether ${model} pays is not known yet.` };
  }
  const { decision, interval, breakEvenShipRate } = tierWorth(shipped, reached, costUsd, deepUsd);
  const verb = isInForce ? "ships" : "would ship";
  const sentence =
    `${model} ${verb} ${formatShare(interval.low)} to ${formatShare(interval.high)} of the ` +
    `${formatCount(reached)} that reach it; it pays from ${formatShare(breakEvenShipRate)} on.`;
  if (decision === "keep") return { rule, says: isInForce ? "keep_tier" : "add_tier", sentence };
  // Two tiers are the default: one more has to be sure to pay, and a candidate waits until it is.
  if (decision === "bypass" && isInForce) return { rule, says: "remove_tier", sentence };
  return { rule, says: "not_known_yet", sentence };
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(3))} %`;
}
