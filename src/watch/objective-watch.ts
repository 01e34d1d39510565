import { detectChange, startDetector, type DetectorState } from "../statistics/change-detector.ts";
import { errorDetectorPlan } from "../statistics/detector-plans.ts";

/** What a route is to cost and how long it may take; null = not asked. */
export interface WatchedObjective {
  readonly usdPerRequest: number | null;
  readonly p95LatencyMs: number | null;
}

export type ObjectiveRule = "cost" | "latency";

export interface ObjectiveEvent {
  readonly kind: "opened" | "cleared";
  readonly rule: ObjectiveRule;
  /** Over the last requests: the mean cost in US dollars, or the share that took longer. */
  readonly recent: number;
  readonly requests: number;
}

/** Plain JSON. */
export interface StoredObjective {
  readonly limit: number;
  readonly detector: DetectorState;
  /** Of the last requests, 0–1 each. */
  readonly values: readonly number[];
  readonly isOpen: boolean;
}
export type StoredObjectives = Readonly<Partial<Record<ObjectiveRule, StoredObjective>>>;

export interface ObjectiveWatch {
  /** @param usd null = unpriced, which says nothing */
  observe(request: {
    readonly usd: number | null;
    readonly latencyMs: number;
  }): readonly ObjectiveEvent[];
  store(): StoredObjectives;
}

/** Of requests that may take longer, by the meaning of a 95th percentile. */
const SLOW_SHARE = 0.05;
/** A request that costs more than so many times the objective counts as costing that. */
const COST_CAP = 1 / SLOW_SHARE;
/** False alarms are at least so many requests apart on average. */
const LEVELS = { alarmLevel: 100_000, warnLevel: 1_000 };
const WINDOW_SIZE = 200;

const PLAN = errorDetectorPlan(SLOW_SHARE, LEVELS);

/**
 * Watches the mean cost of a request and the 95th percentile of its latency against the route's own
 * objective. Of a latency each request says whether it was longer; of a cost how much of twenty times
 * the objective it used up, so that one dear request cannot ring alone. Both are rates whose limit is
 * 5 %, so one kind of detector serves both.
 */
export function createObjectiveWatch(
  objective: WatchedObjective,
  stored: StoredObjectives,
): ObjectiveWatch {
  const { usdPerRequest, p95LatencyMs } = objective;
  const cost = usdPerRequest === null ? null : createRate(usdPerRequest, stored.cost);
  const latency = p95LatencyMs === null ? null : createRate(p95LatencyMs, stored.latency);
  return {
    observe: ({ usd, latencyMs }) => {
      const events: ObjectiveEvent[] = [];
      if (cost !== null && usd !== null) {
        const value = Math.min(1, usd / (COST_CAP * cost.limit));
        const kind = cost.observe(value);
        const recent = cost.mean() * COST_CAP * cost.limit;
        if (kind !== null) events.push({ kind, rule: "cost", recent, requests: cost.size() });
      }
      if (latency !== null) {
        const kind = latency.observe(latencyMs > latency.limit ? 1 : 0);
        const recent = latency.mean();
        if (kind !== null) events.push({ kind, rule: "latency", recent, requests: latency.size() });
      }
      return events;
    },
    store: () => ({
      ...(cost === null ? {} : { cost: cost.store() }),
      ...(latency === null ? {} : { latency: latency.store() }),
    }),
  };
}

interface WatchedRate {
  readonly limit: number;
  observe(value: number): "opened" | "cleared" | null;
  mean(): number;
  size(): number;
  store(): StoredObjective;
}

/** Opens on an alarm, and clears when the last 200 keep the limit. */
function createRate(limit: number, stored: StoredObjective | undefined): WatchedRate {
  const kept = stored?.limit === limit ? stored : null;
  let detector = kept?.detector ?? startDetector(PLAN);
  let isOpen = kept?.isOpen ?? false;
  const values = [...(kept?.values ?? [])];
  let sum = values.reduce((total, value) => total + value, 0);

  function note(value: number): void {
    values.push(value);
    sum += value;
    if (values.length > WINDOW_SIZE) sum -= values.shift() ?? 0;
  }
  const mean = (): number => (values.length === 0 ? 0 : sum / values.length);
  return {
    limit,
    mean,
    size: () => values.length,
    observe: (value) => {
      note(value);
      if (isOpen) {
        if (values.length < WINDOW_SIZE || mean() > SLOW_SHARE) return null;
        isOpen = false;
        detector = startDetector(PLAN);
        return "cleared";
      }
      const step = detectChange(PLAN, detector, value);
      detector = step.state;
      isOpen = step.signal === "alarm";
      return isOpen ? "opened" : null;
    },
    store: () => ({ limit, detector, values: [...values], isOpen }),
  };
}
