import type { Attempt, RequestRecord } from "../cascade/receipt.ts";
import { driftText, objectiveText, stormText, type AlertText } from "./alert-texts.ts";
import type { AlertChange } from "./alert-change.ts";
import { createDriftWatch, type DriftState, type DriftWatch } from "./drift-watch.ts";
import {
  createObjectiveWatch,
  type ObjectiveEvent,
  type StoredObjectives,
} from "./objective-watch.ts";
import type { StormCause } from "./storm-class.ts";
import {
  createStormWatch,
  WHOLE_ROUTE,
  type StormEvent,
  type StoredStorms,
} from "./storm-watch.ts";
import type { WatchedRoute } from "./watched-route.ts";

/** What every request of a route tells by itself, without a grade. */
export interface LiveWatch {
  /** Quick: on the way of every request. */
  observe(record: RequestRecord): readonly AlertChange[];
  expire(nowMs: number): readonly AlertChange[];
  /** Classes in a storm. */
  storms(): ReadonlySet<string>;
  /** Whether what an alert tells of goes on; null = not ours to say. */
  goesOn(alert: { readonly rule: string; readonly subject: string | null }): boolean | null;
  /** The model that last answered for a tier; null = none has since the start. */
  modelOf(tier: number): string | null;
  store(): StoredLive;
}

/** Plain JSON. */
export interface StoredLive {
  readonly storms: StoredStorms | null;
  readonly objectives: StoredObjectives;
  readonly drift: (DriftState & { readonly model: string }) | null;
}

/** The request whose outcome was one too many. */
export type CausingRequest = Pick<RequestRecord, "id" | "startedAtMs">;
type OpenAlert = (text: AlertText, cause: CausingRequest) => AlertChange;

export function createLiveWatch(
  route: WatchedRoute,
  stored: StoredLive | null,
  open: OpenAlert,
): LiveWatch {
  const { storm, objective } = route;
  const storms = storm === null ? null : createStormWatch(storm.rate, stored?.storms ?? null);
  const objectives = createObjectiveWatch(objective, stored?.objectives ?? {});
  const drift = createModelDrift(stored?.drift ?? null);
  const models = new Map<number, string>();

  function stormChange(event: StormEvent, cause: CausingRequest): AlertChange {
    if (event.kind === "opened") return open(stormText(route, event), cause);
    return stormEnd(event, cause.startedAtMs);
  }
  function objectiveChange(event: ObjectiveEvent, cause: CausingRequest): AlertChange {
    const { rule } = event;
    const atMs = cause.startedAtMs;
    if (event.kind === "cleared") return { kind: "resolve", rule, subject: null, atMs };
    const limit = rule === "cost" ? objective.usdPerRequest : objective.p95LatencyMs;
    return open(objectiveText(event, limit ?? 0), cause);
  }
  return {
    observe: (record) => {
      if (record.mode !== "live") return NOTHING;
      const { attempts, startedAtMs: atMs, decision } = record;
      const isTriaged = decision === "shipped" || decision === "escalated";
      let changes = NOTHING;
      const note = (more: readonly AlertChange[]): void => {
        if (more.length > 0) changes = [...changes, ...more];
      };
      if (isTriaged) {
        const triage = attempts.find(({ role, tier }) => role === "triage" && tier === 0) ?? null;
        for (const { role, tier, reportedModel, model } of attempts) {
          if (role === "triage" && tier !== null) models.set(tier, reportedModel ?? model);
        }
        note(drift.observe(triage, record, open));
        const { classes, cause } = stormSides(record);
        const events = storms?.observe({
          ...{ atMs, bodyHash: record.bodyHash, classes, cause },
          model: triage?.reportedModel ?? null,
          promptHash: triage?.promptHash ?? null,
          threshold: triage?.threshold ?? null,
        });
        if (events !== undefined && events.length > 0) {
          note(events.map((event) => stormChange(event, record)));
        }
      }
      const { latencyMs } = record;
      const told = objectives.observe({ usd: usdOf(attempts), latencyMs });
      if (told.length > 0) note(told.map((event) => objectiveChange(event, record)));
      return changes;
    },
    expire: (nowMs) => (storms?.expire(nowMs) ?? []).map((event) => stormEnd(event, nowMs)),
    storms: () => storms?.open() ?? NO_STORMS,
    modelOf: (tier) => models.get(tier) ?? null,
    goesOn: ({ rule, subject }) => {
      if (rule === "escalation_storm") return storms?.open().has(subject ?? WHOLE_ROUTE) ?? false;
      if (rule === "confidence_drift") return drift.isLearning();
      if (rule !== "cost" && rule !== "latency") return null;
      return objectives.store()[rule]?.isOpen ?? false;
    },
    store: () => ({
      storms: storms?.store() ?? null,
      objectives: objectives.store(),
      drift: drift.store(),
    }),
  };
}

const NOTHING: readonly AlertChange[] = [];
const NO_STORMS: ReadonlySet<string> = new Set();

function stormEnd({ subject }: StormEvent, atMs: number): AlertChange {
  const named = subject === WHOLE_ROUTE ? null : subject;
  return { kind: "resolve", rule: "escalation_storm", subject: named, atMs };
}

/** The classes of a request and why it escalated. */
function stormSides({ task, inputClasses, decision, reason }: RequestRecord): {
  readonly classes: readonly string[];
  readonly cause: StormCause | null;
} {
  return {
    classes: stormClasses(task, inputClasses),
    cause: decision === "shipped" ? null : (CAUSE_OF[reason ?? ""] ?? "unreadable_verdicts"),
  };
}

/** All classes of a request but the whole route. */
export function stormClasses(
  task: string | null,
  inputClasses: readonly string[],
): readonly string[] {
  return task === null ? inputClasses : [`task:${task}`, ...inputClasses];
}

/** Other reasons are of verdicts that cannot be used. */
const CAUSE_OF: Readonly<Record<string, StormCause>> = {
  low_confidence: "low_confidence",
  null_answer: "low_confidence",
  triage_timeout: "model_errors",
  triage_http_error: "model_errors",
  triage_stream_error: "model_errors",
  triage_connection: "model_errors",
};

/** Null when a call has no known price. */
function usdOf(attempts: readonly Attempt[]): number | null {
  let total = 0;
  for (const { costNanoUsd } of attempts) {
    if (costNanoUsd === null) return null;
    total += Number(costNanoUsd) / 1e9;
  }
  return total;
}

interface ModelDrift {
  observe(triage: Attempt | null, cause: CausingRequest, open: OpenAlert): readonly AlertChange[];
  isLearning(): boolean;
  store(): StoredLive["drift"];
}

/** Another model, or another prompt, is another reference. */
function createModelDrift(stored: StoredLive["drift"]): ModelDrift {
  let model = stored?.model ?? null;
  let watch: DriftWatch = createDriftWatch(stored);
  let isLearning = stored === null || stored.counts !== null;
  return {
    observe: (triage, cause, open) => {
      if (triage === null || triage.reportedModel === null) return NOTHING;
      const seen = `${triage.reportedModel} ${triage.promptHash ?? ""}`;
      if (seen !== model) {
        model = seen;
        watch = createDriftWatch(null);
        isLearning = true;
      }
      const said = watch.observe(triage.confidence);
      if (said === null) return NOTHING;
      isLearning = said !== "settled";
      if (said !== "settled") return [open(driftText(said), cause)];
      const atMs = cause.startedAtMs;
      return [{ kind: "resolve", rule: "confidence_drift", subject: null, atMs }];
    },
    isLearning: () => isLearning,
    store: () => (model === null ? null : { ...watch.store(), model }),
  };
}
