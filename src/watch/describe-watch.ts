import type { Ledger } from "../ledger/ledger.ts";
import type { Alert } from "../ledger/records/alert.ts";
import { logBettingEvidence } from "../statistics/betting-wealth.ts";
import { CONTROL_LEVEL, DWELL_REQUESTS, loweringEvidenceNeeded } from "./control-threshold.ts";
import { detectorTotal } from "./error-watch.ts";
import { isSuspicious } from "./is-suspicious.ts";
import { verdictsStateName, type StoredVerdicts } from "./route-step.ts";
import { standingTasks, type TaskStanding } from "./task-watch.ts";
import type { TierState } from "./tier-watch.ts";

/** Where the controller of a tier stands, and what would move it. */
export interface TierStanding {
  readonly tier: number;
  readonly model: string;
  /** The threshold it stands on. */
  readonly rung: number;
  readonly allowedWrong: number;
  /** Verdicts on what ships, since the threshold last moved. */
  readonly graded: number;
  readonly wrong: number;
  /** How far the evidence of too many errors is, as a share of what raises the threshold, 0–1. */
  readonly alarmShare: number;
  readonly isSuspicious: boolean;
  /** It was proved at some time that more was wrong than is allowed. */
  readonly isProved: boolean;
  /** What would lower the threshold; null = no looser rung could be proved. */
  readonly next: NextRung | null;
  /** The kinds of work whose errors stand out, worst first, five at most. */
  readonly tasks: readonly TaskStanding[];
}

export interface NextRung {
  readonly rung: number;
  readonly graded: number;
  /** ln of the evidence, and what it must reach. */
  readonly logEvidence: number;
  readonly logNeeded: number;
  /** Requests until a threshold that was moved may be lowered; 0 = it may. */
  readonly requestsToWait: number;
}

export interface WatchStanding {
  readonly tiers: readonly TierStanding[];
  /** Newest first. */
  readonly openAlerts: readonly Alert[];
}

const MOST_ALERTS = 100;
const MOST_STANDING = 5;

/** How the watch over a route stands, from what it has written. */
export async function describeWatch(
  ledger: Pick<Ledger, "watchStates" | "alerts">,
  route: string,
): Promise<WatchStanding> {
  const states = await ledger.watchStates(route);
  const json = states.find(({ name }) => name === verdictsStateName(route))?.json;
  const stored = json === undefined ? null : (JSON.parse(json) as StoredVerdicts);
  return {
    tiers: (stored?.tiers ?? []).map(describeTier),
    openAlerts: await ledger.alerts({ route, isOpen: true }, MOST_ALERTS),
  };
}

function describeTier({ tier, model, atMost, control, truth, tasks }: TierState): TierStanding {
  const { nextLooser } = control;
  return {
    ...{ tier, model, rung: control.threshold, allowedWrong: atMost },
    graded: control.gradedSinceMove,
    wrong: control.wrongSinceMove,
    alarmShare: Math.min(1, detectorTotal(control.detector) / CONTROL_LEVEL),
    isSuspicious: isSuspicious(control),
    isProved: truth.isProved,
    next:
      nextLooser === null
        ? null
        : {
            rung: nextLooser,
            graded: control.gradedForLowering,
            logEvidence: logBettingEvidence(control.lowering),
            logNeeded: loweringEvidenceNeeded(control),
            requestsToWait: Math.max(0, DWELL_REQUESTS - control.requestsSinceMove),
          },
    tasks: standingTasks(tasks ?? []).slice(0, MOST_STANDING),
  };
}
