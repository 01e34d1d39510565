import type { LedgerEntry } from "../ledger/ledger.ts";
import type { GradedAnswer } from "../ledger/records/graded-answer.ts";
import { alertKey, type Alert } from "../ledger/records/alert.ts";
import type { TriageCount } from "../ledger/records/evidence.ts";
import type { AlertChange } from "./alert-change.ts";
import { alertId } from "./alert-id.ts";
import { tierSubject, type AlertText } from "./alert-texts.ts";
import type { ControlPlan } from "./control-threshold.ts";
import type { LiveWatch } from "./live-watch.ts";
import { leastConfiguredShare, readVerdict, type ReadVerdict } from "./read-verdict.ts";
import { settingsAfter, stricterBelow, versionsOf, type RouteSettings } from "./route-settings.ts";
import type { RouteWatchParts } from "./route-watch-parts.ts";
import { rungsOf, statedCounts } from "./rungs.ts";
import {
  passRequests,
  startTier,
  watchVerdict,
  withOpenAlarms,
  type TierEvent,
  type TierState,
} from "./tier-watch.ts";
import type { WatchedRoute } from "./watched-route.ts";

/** What is remembered of the verdicts on a route's answers. Plain JSON. */
export interface StoredVerdicts {
  /** Random, once for all time: ids of alerts are made from it. */
  readonly origin: string;
  /** The last verdict that was read. */
  readonly cursor: number;
  readonly tiers: readonly TierState[];
}

export interface StepInput {
  readonly graded: readonly GradedAnswer[];
  readonly passed: number;
  readonly settings: RouteSettings;
  readonly counts: readonly TriageCount[];
  readonly live: LiveWatch;
}

export interface RouteStep {
  readonly stored: StoredVerdicts;
  readonly changes: readonly AlertChange[];
  readonly versions: readonly LedgerEntry[];
}

/** Under which name the ledger keeps it. */
export function verdictsStateName(route: string): string {
  return `verdicts/${route}`;
}

/** What the verdicts of one page, and the requests since the last one, lead to. */
export async function stepOver(
  parts: RouteWatchParts,
  before: StoredVerdicts,
  { graded, passed, settings, counts, live }: StepInput,
): Promise<RouteStep> {
  const { route, ledger } = parts;
  const changes: AlertChange[] = [];
  const versions: LedgerEntry[] = [];
  let present = settings;
  let tiers = before.tiers;
  let cursor = before.cursor;
  const take = (
    tier: TierState,
    events: readonly TierEvent[],
    sequence: number,
    what: string,
  ): void => {
    const isWithdrawn = isOffered(tiers, tier.tier) && !tier.control.isTold;
    if (isWithdrawn) changes.push(withdrawal(tier.tier, parts.nowMs()));
    tiers = [...tiers.filter((one) => one.tier !== tier.tier), tier];
    const cause = `${what} ${String(sequence)} tier ${String(tier.tier)}`;
    for (const event of events) {
      if (event.kind !== "move") {
        addChange(changes, event, { parts, origin: before.origin, cause });
        continue;
      }
      const { move } = event;
      const made = versionsOf(route, present, {
        ...{ sequence, tier: tier.tier, threshold: move.to, atMs: parts.nowMs() },
        reason: reasonOf(move.direction, move.evidence),
        evidence: { move, model: tier.model, promptHash: tier.promptHash },
        isCertified: parts.isCertified(),
      });
      versions.push(
        ...made.map((version): LedgerEntry => ({ kind: "threshold_version", version })),
      );
      present = settingsAfter(route, present, made);
    }
  };
  for (const one of tiers) {
    const tier = asInForce(parts, one, present, counts);
    const step = passRequests(route.name, planOf(parts, tier, present, counts), tier, passed);
    take(step.state, step.events, cursor, "requests after verdict");
  }
  for (const one of graded) {
    cursor = one.sequence;
    const read = await readVerdict(ledger, route, one);
    if (read === null || !isPresent(read, route, tiers, live)) continue;
    const tier = tierOf(parts, read, tiers, present, counts);
    const plan = planOf(parts, tier, present, counts);
    const step = watchVerdict(route.name, plan, tier, read);
    take(step.state, step.events, one.sequence, "verdict");
  }
  return { stored: { origin: before.origin, cursor, tiers }, changes, versions };
}

/** Whether a lowering of the tier was proved and told, and still waits for somebody. */
export function isOffered(tiers: readonly TierState[], of: number): boolean {
  return tiers.some(({ tier, control }) => tier === of && control.isTold);
}

/** What was offered was about another threshold, rung, model or limit, or its evidence has expired. */
function withdrawal(tier: number, atMs: number): AlertChange {
  return { kind: "resolve", rule: "lowering_proved", subject: tierSubject(tier), atMs };
}

/** Errors of one model or prompt say nothing of another's. */
function isPresent(
  { tier, model, promptHash }: ReadVerdict,
  route: WatchedRoute,
  tiers: readonly TierState[],
  live: LiveWatch,
): boolean {
  if (promptHash !== route.promptHash || tier >= route.thresholds.length) return false;
  const answering = live.modelOf(tier) ?? tiers.find((one) => one.tier === tier)?.model ?? model;
  return answering === model;
}

function tierOf(
  parts: RouteWatchParts,
  { tier, model, promptHash }: ReadVerdict,
  tiers: readonly TierState[],
  settings: RouteSettings,
  counts: readonly TriageCount[],
): TierState {
  const known = tiers.find((one) => one.tier === tier);
  if (known?.model === model && known.promptHash === promptHash) {
    return asInForce(parts, known, settings, counts);
  }
  const of = { tier, model, promptHash };
  const plan = planOf(parts, of, settings, counts);
  const fresh = startTier(of, plan, settings.thresholds[tier] ?? parts.neverShip);
  return known === undefined ? fresh : withOpenAlarms(fresh, known);
}

/** Another limit is another question; a threshold that somebody else has set is another beginning. */
function asInForce(
  parts: RouteWatchParts,
  tier: TierState,
  settings: RouteSettings,
  counts: readonly TriageCount[],
): TierState {
  const threshold = settings.thresholds[tier.tier] ?? parts.neverShip;
  const isSame = tier.atMost === settings.allowed.atMost;
  if (isSame && tier.control.threshold === threshold) return tier;
  const fresh = startTier(tier, planOf(parts, tier, settings, counts), threshold);
  if (isSame) return { ...tier, control: fresh.control };
  // Where the watch itself has lowered the threshold, its next lowering needs more proof all the same.
  const isOwn = tier.control.threshold === threshold;
  const control = isOwn ? { ...fresh.control, lowerings: tier.control.lowerings } : fresh.control;
  return { ...withOpenAlarms(fresh, tier), control, bodies: tier.bodies, judge: tier.judge };
}

function planOf(
  { route, neverShip }: RouteWatchParts,
  of: Pick<TierState, "tier" | "model" | "promptHash">,
  settings: RouteSettings,
  counts: readonly TriageCount[],
): ControlPlan {
  // Near misses run on beside the last tier alone.
  const isLast = of.tier === route.thresholds.length - 1;
  const stated = statedCounts(counts, of);
  return {
    atMost: settings.allowed.atMost,
    below: stricterBelow(route, settings, of.tier),
    rungs: rungsOf(stated, neverShip),
    stated,
    bandShare: isLast ? route.sampling.band : 0,
    leastShare: leastConfiguredShare(route),
    raise: route.raise,
    lower: route.lower,
  };
}

interface EventSource {
  readonly parts: RouteWatchParts;
  readonly origin: string;
  readonly cause: string;
}

/** What one verdict tells of twice is told once, as the graver of both, which is the later. */
function addChange(
  changes: AlertChange[],
  event: Exclude<TierEvent, { kind: "move" }>,
  { parts, origin, cause }: EventSource,
): void {
  const atMs = parts.nowMs();
  if (event.kind === "resolve") {
    changes.push({ kind: "resolve", rule: event.rule, subject: event.subject, atMs });
    return;
  }
  const alert = alertOf(parts.route.name, event.text, { origin, cause, atMs });
  const earlier = changes.findLastIndex(
    (one) => one.kind === "open" && alertKey(one.alert) === alertKey(alert),
  );
  const before = changes[earlier];
  if (before?.kind !== "open") {
    changes.push({ kind: "open", alert });
    return;
  }
  const { action, revert } = before.alert;
  if (before.alert.id === alert.id) changes.splice(earlier, 1);
  changes.push({
    kind: "open",
    alert: event.isAfterMove ? { ...alert, action, revert } : alert,
  });
}

function reasonOf(
  direction: "raise" | "lower",
  evidence: Readonly<Record<string, number>>,
): string {
  const { graded = 0, wrong = 0, total = 0, alarmLevel = 0, logEvidence = 0 } = evidence;
  return direction === "raise"
    ? `${String(wrong)} of ${String(graded)} graded answers were wrong; the detector reached ` +
        `${total.toFixed(0)} of ${String(alarmLevel)}`
    : `proved safe by ${String(graded)} graded answers (ln of the evidence ${logEvidence.toFixed(2)})`;
}

/** Where and when an alert begins, under an id that follows from its cause. */
export function alertOf(
  route: string,
  text: AlertText,
  of: { readonly origin: string; readonly cause: string; readonly atMs: number },
): Alert {
  return {
    ...text,
    id: alertId(of.origin, { ...text, route }, of.cause),
    route,
    openedAtMs: of.atMs,
    resolvedAtMs: null,
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    isExercise: false,
  };
}
