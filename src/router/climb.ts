import type { Attempt } from "../cascade/receipt.ts";
import type { EscalationReason } from "../cascade/words.ts";
import { troubleAtEnd } from "../cascade/decide.ts";
import { checkModelFit } from "../cascade/eligibility.ts";
import { draw, drawsForShipped, samplingKey } from "../cascade/sampling.ts";
import { nearMissFloor } from "../ledger/records/near-miss.ts";
import { invariant } from "../support/invariant.ts";
import { clientHeaders } from "./upstream-headers.ts";
import { drawForCandidates } from "./candidate-job.ts";
import { decisionHeaders } from "./decision-headers.ts";
import { tierModel, type Flight } from "./flight.ts";
import type { GradeShare } from "./grade-shares.ts";
import { answerFromLastTier, lastTierTarget } from "./last-tier.ts";
import { fetchDeepSide, finishRunOn, type RunOn } from "./other-side.ts";
import { NOT_RECORDED } from "./own-errors.ts";
import { keepsBodies } from "./keeps-bodies.ts";
import { CLIENT_CLOSED_REQUEST, settle, storedAnswerOf } from "./settle.ts";
import {
  shipAsMessage,
  shipAsStream,
  shipVerbatim,
  type HeadersFor,
  type ShippingAnswer,
} from "./shipped-answer.ts";
import { beginPair, type PairPlan } from "./shadow-pairs.ts";
import { startTriage } from "./start-triage.ts";
import type { TriageReading } from "./triage-reading.ts";

/** Where the climb goes after one tier. */
type Step =
  | { readonly kind: "done" }
  | {
      readonly kind: "next";
      readonly reason: EscalationReason;
      /** The triage goes on to its end beside the deep call. */
      readonly runOn: RunOn | null;
    }
  | { readonly kind: "bypass" };

/** Cheap first: asks each tier in turn until one may answer; the last one always does. */
export async function climb(flight: Flight): Promise<void> {
  const { active, draft } = flight;
  invariant(active !== null, "only a route can be climbed");
  let reason: EscalationReason = "low_confidence";
  let runOn: RunOn | null = null;
  for (let tier = 0; tier < active.route.tiers.length - 1; tier += 1) {
    if (tier > 0 && !isFit(flight, tier)) continue;
    const step = await tryTier(flight, tier);
    if (step.kind === "done") return;
    if (step.kind === "bypass") {
      draft.decide("bypassed", "input_too_long");
      await answerFromLastTier(flight, lastTierTarget(flight, false), null);
      return;
    }
    reason = step.reason;
    runOn = step.runOn;
  }
  draft.decide("escalated", reason);
  drawForCandidates(flight);
  if (draft.head.bodyHash !== null) flight.environment.recentEscalations.add(draft.head.bodyHash);
  const pairPlan = runOn === null ? null : pairWithRunOn(flight, runOn);
  await answerFromLastTier(flight, lastTierTarget(flight, true), pairPlan);
}

async function tryTier(flight: Flight, tier: number): Promise<Step> {
  const { draft, response } = flight;
  let resolveRunOn: (attempt: Attempt) => void = () => undefined;
  const runOnAttempt = new Promise<Attempt>((resolve) => {
    resolveRunOn = resolve;
  });
  const shipping = shippingFor(flight, tier);
  const threshold = thresholdOf(flight, tier);
  const gradeShare = nextGradeShare(flight);
  let isInBand = false;
  const { call, reading } = startTriage(flight, {
    tier,
    role: "triage",
    answer: shipping,
    keepsMessage: !draft.head.isStreaming || mayKeepAnswer(flight, gradeShare),
    onSent: (sent) => {
      response.feedFrom(sent);
    },
    mayRunOn: (confidence) => {
      isInBand = isLastTriage(flight, tier) && isNearMiss(confidence, threshold);
      isInBand &&= isDrawnForBand(flight);
      return isInBand;
    },
    onRunOn: resolveRunOn,
  });
  response.onGone(() => {
    call.abandon();
  });
  const result = await call.result;
  draft.weigh(reading.confidence, threshold);
  if ("attempt" in result && result.attempt !== null) draft.addAttempt(result.attempt);
  switch (result.kind) {
    case "input_too_long":
      // A request that a tier has triaged was eligible, whatever a later tier's window is.
      if (tier > 0) return { kind: "next", reason: "triage_http_error", runOn: null };
      return { kind: "bypass" };
    case "client_left":
      await settleLeft(flight);
      return { kind: "done" };
    case "escalate": {
      const isBooked = result.attempt !== null;
      const attempt = result.attempt === null ? runOnAttempt : Promise.resolve(result.attempt);
      const runOn = isInBand ? { attempt, isBooked, reading } : null;
      return { kind: "next", reason: result.reason, runOn };
    }
    case "shipped":
      return finishShipped(flight, shipping, reading, { ...result, gradeShare });
  }
}

interface Shipped {
  readonly attempt: Attempt;
  readonly gradeShare: GradeShare;
}

/** The answer has begun to ship, and the triage has ended: well or not. */
async function finishShipped(
  flight: Flight,
  shipping: ShippingAnswer,
  reading: TriageReading,
  { attempt, gradeShare }: Shipped,
): Promise<Step> {
  const { draft, response, request } = flight;
  const spoiled = reading.end === null ? null : troubleAtEnd(reading.verdict, reading.end);
  // Nothing was sent to a client that does not stream, so the climb can still go on.
  if (!draft.head.isStreaming && spoiled !== null) {
    return { kind: "next", reason: spoiled, runOn: null };
  }
  const { shadow, grade } = drawForShipped(flight, reading, gradeShare);
  draft.addDraw(shadow);
  draft.addDraw(grade);
  const pairPlan: PairPlan | null = shadow.isChosen ? pairWithDeep(flight) : null;
  const pair = pairPlan === null ? null : beginPair(flight, pairPlan, attempt);
  const rest = shipping.rest(reading);
  const committed = await settle(flight, {
    status: 200,
    answeredBy: attempt,
    heldBytes: rest.bytes,
    answers: storedAnswerOf(attempt, reading),
    pair,
  });
  const error = committed === "refused" ? NOT_RECORDED : reading.trouble;
  if (error === null) rest.send();
  else {
    // The blank line ends an event that was cut, so that the error is read as one of its own.
    if (response.isOpen) response.write("\n\n");
    response.sendError(503, decisionHeaders(flight, attempt), error, request.id);
  }
  if (pairPlan !== null && pair !== null) pairPlan.afterAnswer(pair);
  return { kind: "done" };
}

function shippingFor(flight: Flight, tier: number): ShippingAnswer {
  const { active, response, draft } = flight;
  invariant(active !== null, "a triage belongs to a route");
  const model = tierModel(active.route, tier, flight.request.parsed.value.model);
  const headersFor: HeadersFor = (head) =>
    clientHeaders(head.headers, decisionHeaders(flight, { tier, model }));
  const form = active.protocol.shippedForm;
  const shipping = !draft.head.isStreaming
    ? shipAsMessage(response, headersFor, form)
    : form === "verbatim"
      ? shipVerbatim(response, headersFor)
      : shipAsStream(response, headersFor);
  return {
    ...shipping,
    begin: (head, reading) => {
      draft.decide("shipped", null);
      draft.weigh(reading.confidence, thresholdOf(flight, tier));
      shipping.begin(head, reading);
    },
  };
}

/** Only beside the deep call is there a deep answer to compare a near miss with. */
function isLastTriage({ active }: Flight, tier: number): boolean {
  return tier === (active?.route.tiers.length ?? 0) - 2;
}

function thresholdOf({ active }: Flight, tier: number): number {
  const threshold = active?.route.tiers[tier]?.threshold ?? null;
  invariant(threshold !== null, "every tier but the last has a threshold");
  return threshold;
}

function isNearMiss(confidence: number | null, threshold: number): boolean {
  return confidence !== null && confidence < threshold && confidence >= nearMissFloor(threshold);
}

/** The first tier was checked before the climb; another model may lack what the request needs. */
function isFit({ active, environment, request, promptBytes }: Flight, tier: number): boolean {
  invariant(active !== null, "a triage belongs to a route");
  const { value } = request.parsed;
  const reason = checkModelFit({
    request: value,
    model: tierModel(active.route, tier, value.model),
    catalogue: environment.catalogue,
    promptTextBytes: promptBytes,
  });
  return reason === null;
}

/** By what had happened when the triage was sent; what happens meanwhile changes nothing. */
function nextGradeShare({ active, environment }: Flight): GradeShare {
  invariant(active !== null, "only a route draws");
  return environment.gradeShares.next(active.route.name, active.route.sampling);
}

/** The choices about an answer that ships, of which the next ones learn. */
function drawForShipped(
  flight: Flight,
  { confidence, threshold }: TriageReading,
  gradeShare: GradeShare,
): ReturnType<typeof drawsForShipped> {
  const share = gradeShare.of(confidence, threshold);
  const draws = drawsWith(flight, share, gradeShare.least);
  const route = flight.active?.route.name ?? "";
  flight.environment.gradeShares.note(route, confidence, share);
  return draws;
}

function drawsWith(
  { active, environment, subject }: Flight,
  grade: number,
  least?: number,
): ReturnType<typeof drawsForShipped> {
  invariant(active !== null, "only a route draws");
  const { shadow } = active.route.sampling;
  return drawsForShipped(
    { shadow, grade, ...(least === undefined ? {} : { least }) },
    environment.salt,
    subject,
  );
}

function isDrawnForBand({ active, environment, subject, draft }: Flight): boolean {
  const share = active?.route.sampling.band ?? 0;
  const key = samplingKey("band", subject);
  const band = draw({ purpose: "band", salt: environment.salt, key, share });
  draft.addDraw(band);
  return band.isChosen;
}

/** Whether the answer's own message may be wanted for the ledger, should it ship. */
function mayKeepAnswer(flight: Flight, { most }: GradeShare): boolean {
  const { shadow, grade } = drawsWith(flight, most);
  return keepsBodies(flight, shadow.isChosen || grade.isChosen);
}

async function settleLeft(flight: Flight): Promise<void> {
  const { draft } = flight;
  if (draft.decision !== "shipped") draft.decide("abandoned", "client_left");
  const status = CLIENT_CLOSED_REQUEST;
  await settle(flight, { status, answeredBy: null, heldBytes: 0, answers: [], pair: null });
}

function pairWithDeep(flight: Flight): PairPlan {
  return {
    answered: "cheap",
    afterAnswer: (pair) => {
      fetchDeepSide(flight, pair);
    },
  };
}

function pairWithRunOn(flight: Flight, runOn: RunOn): PairPlan {
  return {
    answered: "deep",
    afterAnswer: (pair) => {
      flight.environment.background.track(finishRunOn(flight, pair, runOn));
    },
  };
}
