import { NEVER_SHIP, type Route, type Tier, type CandidateModel } from "../cascade/route.ts";
import type { Attempt } from "../cascade/receipt.ts";
import type { AttemptRole } from "../cascade/words.ts";
import type { UpstreamCall } from "../providers/provider.ts";
import { invariant } from "../support/invariant.ts";
import { OpenAttempt } from "./attempt-log.ts";
import { attemptContext, tierModel, type Aftermath } from "./flight.ts";
import { TriageReading } from "./triage-reading.ts";
import { TriageCall, type ShippedAnswer } from "./triage-call.ts";
import { triageTierRequest } from "./tier-request.ts";
import { triageHeaders } from "./upstream-headers.ts";

export interface TriageStart {
  /** Position of the tier; with a candidate its number. */
  readonly tier: number;
  /** Asked in the place of a tier; absent: the tier itself. */
  readonly candidate?: CandidateModel;
  readonly role: Extract<AttemptRole, "triage" | "shadow_triage" | "candidate">;
  readonly answer: ShippedAnswer;
  readonly keepsMessage: boolean;
  readonly onSent: (call: UpstreamCall) => void;
  readonly mayRunOn: (confidence: number | null) => boolean;
  readonly onRunOn: (attempt: Attempt) => void;
}

export interface StartedTriage {
  readonly call: TriageCall;
  readonly reading: TriageReading;
  readonly model: string;
  readonly threshold: number;
}

/** Writes the triage request of one tier and sends it. */
export function startTriage(flight: Aftermath, start: TriageStart): StartedTriage {
  const { environment, active, request, own, draft } = flight;
  invariant(active !== null, "a triage belongs to a route");
  const tier = askedTier(active.route, start);
  invariant(tier !== undefined, `tier ${String(start.tier)} exists`);
  const provider = environment.providers.get(tier.provider);
  invariant(provider !== undefined, `provider "${tier.provider}" is configured`);

  const { candidate } = start;
  const requested = request.parsed.value.model;
  const model = candidate?.model ?? tierModel(active.route, start.tier, requested);
  const { body, edits } = triageTierRequest(
    { parsed: request.parsed, catalogue: environment.catalogue, model, apiVersion: own.apiVersion },
    active.protocol,
  );
  const isClientsProvider = tier.provider === active.route.tiers.at(-1)?.provider;
  const threshold = tier.threshold ?? NEVER_SHIP;
  const reading = new TriageReading({
    protocol: active.protocol,
    threshold,
    keepsMessage: start.keepsMessage,
  });
  const attempt = new OpenAttempt(
    draft.takeAttemptIndex(),
    {
      role: start.role,
      tier: start.tier,
      provider,
      model,
      edits,
      promptHash: active.protocol.promptHash,
      promptBytes: flight.promptBytes,
    },
    attemptContext(flight),
  );
  const call = new TriageCall({
    provider,
    request: {
      method: "POST",
      path: request.path,
      headers: triageHeaders(request.headers, isClientsProvider),
      body,
      timeouts: environment.timeoutsOf(provider.name),
    },
    attempt,
    reading,
    timeoutMs: active.route.limits.triageTimeoutMs,
    answer: start.answer,
    onSent: start.onSent,
    mayRunOn: start.mayRunOn,
    onRunOn: start.onRunOn,
  });
  return { call, reading, model, threshold };
}

/** A candidate is asked to its end, whatever it states. */
function askedTier({ tiers }: Route, { tier, candidate }: TriageStart): Tier | undefined {
  return candidate === undefined ? tiers[tier] : { ...candidate, threshold: 0 };
}
