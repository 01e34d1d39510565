import { bodyHash } from "../cascade/body-hash.ts";
import { checkEligibility } from "../cascade/eligibility.ts";
import { inputClasses } from "../cascade/input-class.ts";
import { planRequest, type RequestPlan } from "../cascade/plan.ts";
import type { SamplingSubject } from "../cascade/sampling.ts";
import { selectRoute, type RouteSelection } from "../cascade/select-route.ts";
import type { BypassReason } from "../cascade/words.ts";
import { promptTextBytes } from "../messages/request-text.ts";
import { climb } from "./climb.ts";
import { ClientResponse } from "./client-response.ts";
import { pendingHeaders } from "./decision-headers.ts";
import { tierModel, type Flight, type RouterEnvironment } from "./flight.ts";
import { answerFromLastTier, lastTierTarget } from "./last-tier.ts";
import { fetchCheapSide } from "./other-side.ts";
import { ambiguousBodyError } from "./own-errors.ts";
import { readOwnHeaders } from "./own-headers.ts";
import { RecordDraft } from "./record-draft.ts";
import type { ActiveRoute } from "./route-book.ts";
import type { ClientRequest, ClientSink } from "./router.ts";
import type { PairPlan } from "./shadow-pairs.ts";

/** One message call from the route to the last byte. */
export async function serveMessage(
  environment: RouterEnvironment,
  request: ClientRequest,
  sink: ClientSink,
): Promise<void> {
  const own = readOwnHeaders(request.headers);
  const response = new ClientResponse(sink, {
    clock: environment.clock,
    arrivedMonotonicMs: request.arrivedMonotonicMs,
    isStreaming: request.parsed.value.stream === true,
  });
  const actives = environment.routes.current();
  const selection = selectRoute({
    requestedModel: request.parsed.value.model,
    routeHeader: own.route,
    routes: actives.map((active) => active.route),
  });
  const ownId = { "x-leadsman-id": request.id };
  if (selection.kind === "problem") {
    const { status, type, message } = selection;
    response.sendError(status, ownId, { type, message }, request.id);
    return;
  }
  const active = activeOf(actives, selection);
  const isVirtual = selection.kind === "route" && selection.isVirtual;
  const { ambiguity } = isVirtual ? request.parsed : { ambiguity: null };
  if (ambiguity !== null) {
    response.sendError(400, ownId, ambiguousBodyError(ambiguity), request.id);
    return;
  }
  const flight = openFlight({ environment, request, own, active, isVirtual, response });
  response.openEarlyAfter(environment.earlyOpenMs, () => pendingHeaders(flight));
  await fly(flight);
}

async function fly(flight: Flight): Promise<void> {
  const { plan, draft } = flight;
  if (plan === null) {
    await answerFromLastTier(flight, lastTierTarget(flight, false), null);
    return;
  }
  if (plan.action.kind === "climb") {
    await climb(flight);
    return;
  }
  const { decision, reason, shadowTriage } = plan.action;
  draft.decide(decision, reason);
  const pairPlan: PairPlan | null = shadowTriage
    ? {
        answered: "deep",
        afterAnswer: (pair) => {
          fetchCheapSide(flight, pair);
        },
      }
    : null;
  // A control call stands for what an escalation would get, so it is adapted in the same way.
  await answerFromLastTier(flight, lastTierTarget(flight, decision === "control"), pairPlan);
}

function activeOf(actives: readonly ActiveRoute[], selection: RouteSelection): ActiveRoute | null {
  if (selection.kind !== "route") return null;
  return actives.find((active) => active.route === selection.route) ?? null;
}

type FlightStart = Omit<Flight, "plan" | "draft" | "subject" | "promptBytes">;

/** Learns of the request what its plan and its record need, and makes the plan. */
function openFlight(start: FlightStart): Flight {
  const { environment, request, own, active } = start;
  const { value, bytes } = request.parsed;
  const promptBytes = promptTextBytes(value);
  const subject: SamplingSubject = {
    user: own.user,
    metadataUserId: value.metadata?.user_id ?? null,
    bodyHash: active === null ? "" : bodyHash(value, bytes),
    requestId: request.id,
  };
  const task = active === null ? null : environment.tasks.admit(active.route.name, own.task);
  const classes = active === null ? [] : inputClasses(value, promptBytes);
  const plan =
    active === null ? null : planFor(start, active, { subject, promptBytes, task, classes });
  const draft = new RecordDraft(
    {
      id: request.id,
      startedAtMs: environment.clock.nowMs(),
      kind: "messages",
      path: "/v1/messages",
      route: active?.route.name ?? null,
      routeVersion: active?.versionId ?? null,
      mode: plan?.mode ?? null,
      task,
      requestedModel: value.model,
      thresholdVersion: active?.thresholdVersionId ?? null,
      isStreaming: value.stream === true,
      requestBytes: request.wireBytes.length,
      bodyHash: active === null ? null : subject.bodyHash,
      inputClasses: classes,
    },
    plan?.draws ?? [],
  );
  return { ...start, plan, draft, subject, promptBytes };
}

interface PlanSubject {
  readonly subject: SamplingSubject;
  readonly promptBytes: number;
  readonly task: string | null;
  readonly classes: readonly string[];
}

function planFor(
  { environment, request, own }: FlightStart,
  active: ActiveRoute,
  { subject, promptBytes, task, classes }: PlanSubject,
): RequestPlan {
  const { route, protocol, isCertified } = active;
  const bypassReason = (): BypassReason | null =>
    checkEligibility({
      parsed: request.parsed,
      route,
      protocol,
      model: tierModel(route, 0, request.parsed.value.model),
      catalogue: environment.catalogue,
      promptTextBytes: promptBytes,
      isBypassAsked: own.isBypassAsked,
      retryCount: own.retryCount,
      hasRecentEscalation: environment.recentEscalations.has(subject.bodyHash),
    });
  return planRequest({
    route,
    mode: route.mode,
    isCertified,
    bypassReason: route.mode === "off" ? null : bypassReason(),
    stormProbeShare: environment.stormProbeShare(route.name, task, classes),
    salt: environment.salt,
    subject,
  });
}
