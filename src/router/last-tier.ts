import type { Attempt, ShadowPair } from "../cascade/receipt.ts";
import { REQUESTED_MODEL } from "../cascade/route.ts";
import type { AttemptRole } from "../cascade/words.ts";
import type { BodyEdit } from "../messages/message-request.ts";
import type { Message } from "../messages/message.ts";
import type { HttpHeaders, Provider, UpstreamHead } from "../providers/provider.ts";
import { invariant } from "../support/invariant.ts";
import { OpenAttempt } from "./attempt-log.ts";
import { decisionHeaders } from "./decision-headers.ts";
import { DirectCall, type DirectCallOptions, type DirectResult } from "./direct-call.ts";
import { attemptContext, type Aftermath, type Flight } from "./flight.ts";
import { errorOfBody, errorOfFailure, NOT_RECORDED } from "./own-errors.ts";
import { beginPair, type PairPlan } from "./shadow-pairs.ts";
import { keepsBodies } from "./keeps-bodies.ts";
import { CLIENT_CLOSED_REQUEST, settle, type StoredAnswer } from "./settle.ts";
import { lastTierRequest } from "./tier-request.ts";
import { clientHeaders, upstreamHeaders } from "./upstream-headers.ts";

/** What goes to the last tier, or past all tiers when no route applies. */
export interface LastTierTarget {
  readonly provider: Provider;
  readonly tier: number | null;
  readonly model: string;
  readonly body: Uint8Array;
  readonly edits: readonly BodyEdit[];
}

/**
 * Lets the last tier answer: the client's own request goes out and the answer passes through. Used
 * for escalations, bypasses, control, shadow and everything that no route touches.
 */
export async function answerFromLastTier(
  flight: Flight,
  target: LastTierTarget,
  pairPlan: PairPlan | null,
): Promise<void> {
  let call = callOnce(flight, target, pairPlan !== null);
  let result = await call.result;
  const { response, draft } = flight;
  if (result.kind === "failed" && result.failure.isSafeToRetry && !response.isGone) {
    draft.addAttempt(result.attempt);
    call = callOnce(flight, target, pairPlan !== null);
    result = await call.result;
  }
  draft.addAttempt(result.attempt);
  const pair = pairPlan === null ? null : beginPair(flight, pairPlan, result.attempt);
  try {
    await deliver(flight, target, result, pair);
  } finally {
    call.letGo();
  }
  if (pairPlan !== null && pair !== null) pairPlan.afterAnswer(pair);
}

/** Which body goes out, and where. `isAdapted`: with the edits that the tier's model needs. */
export function lastTierTarget(
  flight: Pick<Flight, "environment" | "active" | "request" | "own"> & { isVirtual?: boolean },
  isAdapted: boolean,
): LastTierTarget {
  const { environment, active, request, own } = flight;
  const requested = request.parsed.value.model;
  const tier = active === null ? null : active.route.tiers.length - 1;
  const lastTier = active?.route.tiers.at(-1);
  const providerName = lastTier?.provider ?? environment.passthroughProvider;
  const provider = environment.providers.get(providerName);
  invariant(provider !== undefined, `provider "${providerName}" is configured`);

  const tierModel = lastTier?.model ?? REQUESTED_MODEL;
  const takesTierModel = tierModel !== REQUESTED_MODEL && (isAdapted || flight.isVirtual === true);
  const model = takesTierModel ? tierModel : requested;
  const { catalogue } = environment;
  const { parsed, wireBytes } = request;
  const input = { parsed, catalogue, model, apiVersion: own.apiVersion };
  return { provider, tier, model, ...lastTierRequest(input, wireBytes, isAdapted) };
}

/** The same call for the sake of comparison: nobody is waiting for its answer. */
export async function callForLearning(
  flight: Aftermath,
  target: LastTierTarget,
  signal: AbortSignal,
): Promise<{ attempt: Attempt; message: Message | null }> {
  const call = startCall(flight, target, {
    role: "shadow_answer",
    keepsMessage: keepsBodies(flight, true),
    answer: { beginStream: () => undefined, stream: () => undefined },
    onSent: () => undefined,
  });
  signal.addEventListener(
    "abort",
    () => {
      call.abandon();
    },
    { once: true },
  );
  const result = await call.result;
  call.letGo();
  return { attempt: result.attempt, message: "message" in result ? result.message : null };
}

function callOnce(flight: Flight, target: LastTierTarget, hasPair: boolean): DirectCall {
  const { response } = flight;
  const call = startCall(flight, target, {
    role: "answer",
    keepsMessage: keepsBodies(flight, hasPair),
    answer: {
      beginStream: (head) => {
        response.open(200, answerHeaders(flight, target, head));
      },
      stream: (chunk) => {
        response.write(chunk);
      },
    },
    onSent: (sent) => {
      response.feedFrom(sent);
    },
  });
  response.onGone(() => {
    call.abandon();
  });
  return call;
}

type CallUse = Pick<DirectCallOptions, "keepsMessage" | "answer" | "onSent"> & {
  readonly role: Extract<AttemptRole, "answer" | "shadow_answer">;
};

function startCall(flight: Aftermath, target: LastTierTarget, use: CallUse): DirectCall {
  const { environment, request, draft } = flight;
  const attempt = new OpenAttempt(
    draft.takeAttemptIndex(),
    {
      role: use.role,
      tier: target.tier,
      provider: target.provider,
      model: target.model,
      edits: target.edits,
      promptHash: null,
      promptBytes: flight.promptBytes,
    },
    attemptContext(flight),
  );
  return new DirectCall({
    ...use,
    provider: target.provider,
    request: {
      method: "POST",
      path: request.path,
      headers: upstreamHeaders(request.headers, target.body !== request.wireBytes),
      body: target.body,
      timeouts: environment.timeoutsOf(target.provider.name),
    },
    attempt,
  });
}

/** Commits the record, then gives the client what was held back. */
async function deliver(
  flight: Flight,
  target: LastTierTarget,
  result: DirectResult,
  pair: ShadowPair | null,
): Promise<void> {
  const { response, request } = flight;
  const own = decisionHeaders(flight, target);
  const refuse = (): void => {
    response.sendError(503, own, NOT_RECORDED, request.id);
  };
  switch (result.kind) {
    case "client_left": {
      const status = CLIENT_CLOSED_REQUEST;
      await settle(flight, { status, answeredBy: null, heldBytes: 0, answers: [], pair });
      return;
    }
    case "failed": {
      const { status, error } = errorOfFailure(result.failure);
      await settle(flight, { status, answeredBy: null, heldBytes: 0, answers: [], pair });
      response.sendError(status, own, error, request.id);
      return;
    }
    case "whole": {
      const { head, attempt, body, message } = result;
      const answers = storedAnswers(attempt.index, message);
      const settlement = { status: head.status, answers, pair, heldBytes: body.length };
      const answeredBy = attempt.outcome === "completed" ? attempt : null;
      if ((await settle(flight, { ...settlement, answeredBy })) === "refused") refuse();
      else if (!response.isOpenedEarly) {
        response.send(head.status, answerHeaders(flight, target, head), body);
      } else response.sendError(head.status, own, errorOfBody(head.status, body), request.id);
      return;
    }
    case "streamed": {
      const { attempt, rest, trouble, message } = result;
      const answers = storedAnswers(attempt.index, message);
      const heldBytes = rest.reduce((sum, chunk) => sum + chunk.length, 0);
      const settlement = { status: 200, answers, pair, heldBytes, answeredBy: attempt };
      const isRefused = (await settle(flight, settlement)) === "refused";
      const error = isRefused ? NOT_RECORDED : trouble;
      if (!isRefused) for (const chunk of rest) response.write(chunk);
      if (error === null) response.end();
      else {
        // Ends an event too long to be held back until it was whole, of which a part may have gone out.
        response.write("\n\n");
        response.sendError(200, own, error, request.id);
      }
    }
  }
}

function answerHeaders(flight: Flight, target: LastTierTarget, head: UpstreamHead): HttpHeaders {
  return clientHeaders(head.headers, decisionHeaders(flight, target));
}

function storedAnswers(attempt: number, message: Message | null): readonly StoredAnswer[] {
  return message === null ? [] : [{ attempt, message }];
}
