import { routingHorizon } from "../../statistics/routing-horizon.ts";
import { tierWorth } from "../../statistics/tier-worth.ts";
import { formatCount, formatShare } from "../format-number.ts";
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

/** Decides between the two volumes; above them it is told and does not forbid. */
function horizon(facts: AdviceFacts): Advice {
  const rule = "horizon";
  const { requestsPerMonth, cheapUsd, deepUsd, shipped, gradesNeeded } = facts;
  const isMissing =
    requestsPerMonth === null || cheapUsd === null || deepUsd === null || shipped.of === 0;
  if (isMissing) {
    const sentence =
      "What routing would save in a month is not known yet: volume, prices or triages lack.";
    return { rule, says: "not_known_yet", sentence };
  }
  const savedPerRequest = (shipped.count / shipped.of) * deepUsd - cheapUsd;
  const plan = {
    requests: requestsPerMonth,
    savedPerRequest,
    labels: gradesNeeded ?? 0,
    costPerLabel: facts.labelUsd,
    fixedCost: facts.fixedUsdPerMonth,
  };
  const { net, isWorthIt } = routingHorizon(plan);
  const grading =
    gradesNeeded === null
      ? "grading apart"
      : `${formatCount(gradesNeeded)} grades at $${facts.labelUsd}`;
  const sentence =
    `A month saves ${money(requestsPerMonth * savedPerRequest)}; less ${grading} and ` +
    `$${facts.fixedUsdPerMonth} of upkeep that is ${money(net)} (a projection).`;
  const isForbidding = !isWorthIt && requestsPerMonth <= PLENTY_OF_REQUESTS;
  return { rule, says: isForbidding || savedPerRequest <= 0 ? "do_not_route" : "route", sentence };
}

function labels({ gradesNeeded, requestsPerMonth }: AdviceFacts): Advice {
  const rule = "labels";
  if (gradesNeeded === null || requestsPerMonth === null) {
    const sentence = "How many grades the promise takes is not known yet, or no number would do.";
    return { rule, says: "not_known_yet", sentence };
  }
  const sentence =
    `The promise takes about ${formatCount(gradesNeeded)} grades; ` +
    `${formatCount(Math.round(requestsPerMonth))} requests a month can give them`;
  return gradesNeeded > requestsPerMonth
    ? { rule, says: "do_not_route", sentence: `${sentence} in no month.` }
    : { rule, says: "route", sentence: `${sentence}.` };
}

function priceRatio({ cheapUsd, deepUsd, shipped }: AdviceFacts): Advice {
  const rule = "price_ratio";
  if (cheapUsd === null || deepUsd === null || cheapUsd === 0) {
    return { rule, says: "not_known_yet", sentence: "The costs of both calls are not known yet." };
  }
  const ratio = deepUsd / cheapUsd;
  if (shipped.of === 0) {
    const sentence = `A deep call costs ${ratio.toFixed(1)} cheap ones; how many ship is not known yet.`;
    return { rule, says: ratio < LEAST_PRICE_RATIO ? "not_known_yet" : "route", sentence };
  }
  const shipShare = shipped.count / shipped.of;
  const sentence = `A deep call costs ${ratio.toFixed(1)} cheap ones, and ${formatShare(shipShare)} ship`;
  return ratio < LEAST_PRICE_RATIO && shipShare < SHIP_SHARE_THAT_MAKES_UP
    ? { rule, says: "do_not_route", sentence: `${sentence}: too little of either.` }
    : { rule, says: "route", sentence: `${sentence}.` };
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
