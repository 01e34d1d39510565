/** What routing would take and bring over one horizon, such as a month. */
export interface RoutingPlan {
  readonly requests: number;
  /** Saved per request before any of the costs below; see `cascadeCost`. */
  readonly savedPerRequest: number;
  /** Labels to collect, for tuning and for watching. */
  readonly labels: number;
  readonly costPerLabel: number;
  /** Everything else that routing costs over the horizon. */
  readonly fixedCost: number;
}

/** The balance of a plan, in the unit of its costs. */
export interface RoutingHorizon {
  readonly net: number;
  readonly isWorthIt: boolean;
  /** Requests from which the plan pays; null when no number does, since a request saves nothing. */
  readonly breakEvenRequests: number | null;
}

/**
 * Does routing pay at this volume, with the labels that its guarantee needs? A small team on a cheap
 * model may spend more on grading than it saves. Plain arithmetic on means.
 */
export function routingHorizon(plan: RoutingPlan): RoutingHorizon {
  const { requests, savedPerRequest, labels, costPerLabel, fixedCost } = plan;
  const overhead = labels * costPerLabel + fixedCost;
  const net = requests * savedPerRequest - overhead;
  return {
    net,
    isWorthIt: net > 0,
    breakEvenRequests: savedPerRequest > 0 ? overhead / savedPerRequest : null,
  };
}
