import { exactInterval } from "../../statistics/exact-interval.ts";
import { zeroErrorTrials } from "../../statistics/labels-needed.ts";
import { routingHorizon } from "../../statistics/routing-horizon.ts";
import { tierWorth } from "../../statistics/tier-worth.ts";
import { counted, formatCount, formatShare } from "../format-number.ts";
import { MIN_OBSERVATIONS } from "../observed-share.ts";
import type { Advice, AdviceFacts } from "./advice.ts";

/** Whether routing pays at these prices and volumes. */
export function adviseOnMoney(facts: AdviceFacts): readonly Advice[] {
  return [volume(facts), horizon(facts), labels(facts), priceRatio(facts), shipRate(facts)];
}

/** Below it nothing that routing saves pays for the looking after. */
const FEWEST_REQUESTS = 10_000;

/** Above it the volume needs no calculation. */
const PLENTY_OF_REQUESTS = 100_000;

const LEAST_PRICE_RATIO = 3;

const SHIP_SHARE_THAT_MAKES_UP = 0.5;

function volume({ requestsPerMonth }: AdviceFacts): Advice {
  const rule = "volume";
  if (requestsPerMonth === null) {
    const sentence =
      "How many requests a month there are is not known yet: less than a day was seen.";
    return { rule, says: "not_known_yet", sentence };
  }
  const seen = `${formatCount(Math.round(requestsPerMonth))} requests a month`;
  if (requestsPerMonth < FEWEST_REQUESTS) {
    const sentence = `${seen} are under ${formatCount(FEWEST_REQUESTS)}: too few to pay for grading.`;
    return { rule, says: "do_not_route", sentence };
  }
  const isPlenty = requestsPerMonth > PLENTY_OF_REQUESTS;
  const sentence = isPlenty
    ? `${seen} are plenty.`
    : `${seen} are worth a calculation, see horizon.`;
  return { rule, says: "route", sentence };
}

/**
 * Decides between the two volumes; above them it is told and does not forbid. It forbids only where a
 * month cannot pay even with the most answers that may ship and the fewest grades that may do, and it
 * speaks for routing only where it pays with the fewest answers and the grades that are planned.
 */
function horizon(facts: AdviceFacts): Advice {
  const rule = "horizon";
  const { requestsPerMonth, cheapUsd, deepUsd, shipped, gradesNeeded } = facts;
  const isMissing =
    requestsPerMonth === null ||
    cheapUsd === null ||
    deepUsd === null ||
    shipped.of < MIN_OBSERVATIONS;
  if (isMissing) {
    const sentence =
      "What routing would save in a month is not known yet: volume, prices or triages lack.";
    return { rule, says: "not_known_yet", sentence };
  }
  const netAt = (shipShare: number, grades: number): number =>
    routingHorizon({
      requests: requestsPerMonth,
      savedPerRequest: shipShare * deepUsd - cheapUsd,
      labels: grades,
      costPerLabel: facts.labelUsd,
      fixedCost: facts.fixedUsdPerMonth,
    }).net;
  const { low, high } = exactInterval(shipped.count, shipped.of);
  const fewest = zeroErrorTrials(facts.atMost, facts.failureProbability);
  const shipShare = shipped.count / shipped.of;
  const saved = requestsPerMonth * (shipShare * deepUsd - cheapUsd);
  const grading =
    gradesNeeded === null
      ? "grading apart"
      : `${counted(gradesNeeded, "grade")} at $${facts.labelUsd}`;
  const sentence =
    `A month saves ${money(saved)}; less ${grading} and $${facts.fixedUsdPerMonth} of upkeep that ` +
    `is ${money(netAt(shipShare, gradesNeeded ?? 0))} (a projection).`;
  const losesAnyway = high * deepUsd - cheapUsd <= 0;
  const isSmall = requestsPerMonth <= PLENTY_OF_REQUESTS;
  if (losesAnyway || (isSmall && netAt(high, fewest) <= 0)) {
    return { rule, says: "do_not_route", sentence };
  }
  const isSure = isSmall
    ? netAt(low, Math.max(fewest, gradesNeeded ?? 0)) > 0
    : low * deepUsd - cheapUsd > 0;
  if (isSure) return { rule, says: "route", sentence };
  const unsure = " Too few triages and grades to be sure of the sign.";
  return { rule, says: "not_known_yet", sentence: sentence + unsure };
}

function labels(facts: AdviceFacts): Advice {
  const rule = "labels";
  const { gradesNeeded, requestsPerMonth } = facts;
  if (gradesNeeded === null || requestsPerMonth === null) {
    const sentence = "How many grades the promise takes is not known yet, or no number would do.";
    return { rule, says: "not_known_yet", sentence };
  }
  const fewest = zeroErrorTrials(facts.atMost, facts.failureProbability);
  const requests = `${formatCount(Math.round(requestsPerMonth))} requests a month`;
  if (fewest > requestsPerMonth) {
    const sentence = `The promise takes at least ${counted(fewest, "grade")}; ${requests} give them in no month.`;
    return { rule, says: "do_not_route", sentence };
  }
  const sentence = `The promise takes about ${counted(gradesNeeded, "grade")}; ${requests}`;
  return gradesNeeded > requestsPerMonth
    ? { rule, says: "not_known_yet", sentence: `${sentence} give them in no month.` }
    : { rule, says: "route", sentence: `${sentence} can give them.` };
}

function priceRatio({ cheapUsd, deepUsd, shipped }: AdviceFacts): Advice {
  const rule = "price_ratio";
  if (cheapUsd === null || deepUsd === null || cheapUsd === 0) {
    return { rule, says: "not_known_yet", sentence: "The costs of both calls are not known yet." };
  }
  const ratio = deepUsd / cheapUsd;
  const isEnough = ratio >= LEAST_PRICE_RATIO;
  const costs = `A deep call costs ${ratio.toFixed(1)} cheap ones`;
  if (shipped.of < MIN_OBSERVATIONS) {
    const sentence = `${costs}; how many ship is not known yet.`;
    return { rule, says: isEnough ? "route" : "not_known_yet", sentence };
  }
  const { low, high } = exactInterval(shipped.count, shipped.of);
  const sentence = `${costs}, and ${formatShare(low)} to ${formatShare(high)} ship`;
  if (isEnough || low >= SHIP_SHARE_THAT_MAKES_UP) {
    return { rule, says: "route", sentence: `${sentence}.` };
  }
  return high < SHIP_SHARE_THAT_MAKES_UP
    ? { rule, says: "do_not_route", sentence: `${sentence}: too little of either.` }
    : { rule, says: "not_known_yet", sentence: `${sentence}.` };
}

function shipRate({ cheapUsd, deepUsd, shipped }: AdviceFacts): Advice {
  const rule = "ship_rate";
  if (cheapUsd === null || deepUsd === null || deepUsd <= 0 || shipped.of === 0) {
    return { rule, says: "not_known_yet", sentence: "Whether triage pays is not known yet." };
  }
  const worth = tierWorth(shipped.count, shipped.of, cheapUsd, deepUsd);
  const { low, high } = worth.interval;
  const sentence =
    `${formatShare(low)} to ${formatShare(high)} of ${formatCount(shipped.of)} triages ship; ` +
    `triage pays from ${formatShare(worth.breakEvenShipRate)} on.`;
  const says = { keep: "route", bypass: "do_not_route", not_known: "not_known_yet" } as const;
  return { rule, says: says[worth.decision], sentence };
}

function money(usd: number): string {
  const text = Math.abs(usd)
    .toFixed(2)
    .replace(/\B(?=(\d{3})+\.)/g, ",");
  return `${usd < 0 ? "-" : ""}$${text}`;
}
